// Package bench is the second module of the workspace: peer libraries and rival engines live here, so that they can
// never lift a version in the product's go.mod. Each folder is one command that measures one thing.
package bench
