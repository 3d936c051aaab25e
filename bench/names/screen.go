package main

func screen(args []string, out *printer) error { return nil }
