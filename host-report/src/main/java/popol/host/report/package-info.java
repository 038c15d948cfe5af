/** Says which files, bundles and components of a ready host do not work, and why. */
package popol.host.report;
