// Package wireshark has nothing but tests: tshark reads captures of the golden
// vectors with the dissector of spec/dissector.
package wireshark
