// Package peer is the harness's own end of a conversation: a Client that talks
// to a server under test, and a Server that a client under test talks to.
//
// Both follow the protocol by themselves as long as nothing else is asked of
// them, and both can be made to say anything: a Client sends any bytes, and a
// Server follows a Script whose rules replace single answers. Neither shares
// code with the reference, so that a mistake there cannot hide here; neither
// judges. What they saw is handed back as a Reply or a Conversation, and the
// cases judge that.
package peer
