//go:build race

package newswire

// raced says that the race detector runs, under which pools drop what they hold.
const raced = true
