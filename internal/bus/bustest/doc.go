// Package bustest holds small in-memory stand-ins of what the cores declare (publisher, state, objects, scheduler) on a
// virtual clock, and the suite that they and JetStream both pass.
package bustest
