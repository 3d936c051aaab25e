//go:build !race

package newswire

const raced = false
