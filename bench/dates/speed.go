package main

import "io"

func speed(o options, stdout, stderr io.Writer) error { return nil }
