// Package seal holds the protocol's cryptography: RSA to hand over a key, AES to
// encrypt a file under it.
//
// The client makes an RSA-1024 pair with [GenerateKey] and sends the public half
// as [MarshalPublicKey] writes it. The field for it has 160 bytes (KEY-1), and a
// DER SubjectPublicKeyInfo of RSA-1024 has that length only when the public
// exponent takes one byte. The exponent is therefore 17, not the usual 65537,
// which makes 162 bytes.
//
// The server makes an AES key with [NewKey] and sends it wrapped under the public
// key: [Wrap] is RSAES-OAEP with SHA-1, MGF1 with SHA-1 and an empty label. The
// client gets it back with [Unwrap].
//
// The file then travels as AES-CBC with an IV of 16 zero bytes and PKCS#7 padding,
// as one chain from the first byte to the last, however it is cut into packets
// (FIL-4). [Encrypter] and [Decrypter] take it in chunks of any length:
//
//	out = e.Append(out[:0], chunk) // as often as there is more to read
//	out = e.Finish(out[:0])        // the end of the file
//
// PKCS#7 always adds something, 1 to 16 bytes, each of which holds their number.
// So the end of a file can be told from its ciphertext alone, which is why a
// Decrypter holds the last block back until Finish.
//
// All this is what the protocol demands, not what one should choose today:
// RSA-1024 and SHA-1 are too weak, the zero IV shows equal beginnings of files
// under one key, and nothing notices a changed ciphertext but the padding and a
// checksum that anyone can forge. A server that answers wrong padding unlike a wrong
// checksum even lets a ciphertext be read by trial (a padding oracle).
package seal
