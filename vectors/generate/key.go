package generate

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/big"
)

// privateKeyHex is the client's RSA-1024 key with the exponent 17, PKCS#8 in DER:
// the one of the worked example in the text of the protocol. It is public, and
// of no use but for tests.
const privateKeyHex = "30820275020100300d06092a864886f70d01010105000482025f3082025b02010002818100d4b81bdba83e52876bbf9255f0" +
	"85f11f331e968679fd7788a2f54d3c2d62720fb71d0ec837f91e276bf0428b2c3e57431212c23158fbdd941dc57ec9f7b516" +
	"ba656f0f0c4a44074f5b8be77d4ed07d169217d36740f89bf61564fbdd4a8b96d7590a8709c2ceef0350828d555e91963dfe" +
	"190ec154ec396dc5aad52e44261d370201110281810089a44e42d64671a2eb5dd7288c92e7506c5f161ac767c5d0e1ea04cc" +
	"95d649cdeef4af364255e655be502b0ec24674b2ed93aad4a2fd53239acb15cdfaa259fef5851444d1df1ffc4477777cde70" +
	"ef7bf3c633287bb8ba08826b3e43c83b51c83966286db992e343dd28be9c7387c8454cd9b5ced00615eb9c1c3a5672109ea1" +
	"024100ea681a64702ffab85a862f9dc4bcbcf6f06e5e8629837a4ddee7b7f8b0f20b66a425fb3a3a1097a65d0aa609282c99" +
	"6fe8377238518328558846fde1f898e639024100e8508f834fe9c3e29735d0aa324df0ebb48e6ba286cc0226b2c040c1a9f8" +
	"0d0cb946aa6bc709e0dccc38ef4326c1b005e4ee3dbdc1eb4c4f064f7d23c9d09eef0240295daa4df5ae1d2f9781177631c6" +
	"f42b93d73ddb70bcd9590937f34a011ba7a8b38e3b64a0d5c068a701e110acbc938c3809c8dcc317253c4539b4550dc0a119" +
	"02401b54c596fa57bcb13ef745b9ab90b2ee8db667040fdbc4048d80079e503b4cd452085048ea3d65bf9f8e3a4422ad6000" +
	"b18570ace9a336276a27782253fa6d0d024100bd7fc4d1699ff051e60933c8cf8be9a09a2121d076471ec4f7af2b00764cfb" +
	"09d51e702831d87f474e03970903618aa9fba795bfb118860278731e03bcf80ae4"

// exponent is the key's public exponent.
const exponent = 17

// privateKey returns the client's private key in DER.
func privateKey() []byte { return unhex(privateKeyHex) }

// modulus returns the key's modulus, 128 bytes. In this DER it begins at byte 37:
// behind the heads of PKCS#8 and PKCS#1, and a zero that keeps it positive.
func modulus() []byte { return privateKey()[modulusAt : modulusAt+128] }

const modulusAt = 37

// power is the RSA operation with the public key, on and to 128 bytes.
func power(message []byte, e int64) []byte {
	n := new(big.Int).SetBytes(modulus())
	c := new(big.Int).Exp(new(big.Int).SetBytes(message), big.NewInt(e), n)
	return c.FillBytes(make([]byte, len(modulus())))
}

// random returns n bytes that look random and depend on nothing but the label.
func random(label string, n int) []byte {
	out := []byte{} // not nil, so that it is shown even when empty
	for i := uint32(0); len(out) < n; i++ {
		sum := sha256.Sum256(binary.LittleEndian.AppendUint32([]byte(label), i))
		out = append(out, sum[:]...)
	}
	return out[:n]
}

// unhex decodes the literals of this package.
func unhex(digits string) []byte {
	p, err := hex.DecodeString(digits)
	if err != nil {
		panic(err)
	}
	return p
}
