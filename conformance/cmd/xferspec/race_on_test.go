//go:build race

package main

// race says whether this was built with the race detector.
const race = true
