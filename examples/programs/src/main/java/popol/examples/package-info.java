/** Programs to read and to copy from: each waits in one thread for everything it is about. */
package popol.examples;
