/**
 * Proves rules 9, 10 and 18 by injection. An agent rewrites popol's classes when they are loaded, so that each
 * allocation and each native call can fail; scenarios make each point of each call fail in turn and hold the registry
 * against the contract.
 */
package popol.inject;
