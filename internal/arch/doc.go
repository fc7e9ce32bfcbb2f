// Package arch is the map of the program as a test: map_test.go says which way
// imports run, who owns which table and which functions may act without an
// actor; rules_test.go holds the code to it. It exports nothing.
package arch
