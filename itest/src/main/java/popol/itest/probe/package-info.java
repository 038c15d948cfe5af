/** What the consumer bundle and the tests share; the framework exports it from its own class path. */
package popol.itest.probe;
