// RSA for keys and AES for the file (section 4 of the protocol), by Crypto++.
#pragma once

#include <cryptopp/aes.h>
#include <cryptopp/modes.h>
#include <cryptopp/rsa.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "bytes.hpp"

namespace xfer {

constexpr std::size_t public_key_size = 160;   // a DER SubjectPublicKeyInfo (KEY-1)
constexpr std::size_t wrapped_key_size = 128;  // the length of the modulus
constexpr std::size_t aes_key_size = 32;       // of edition 2024a
constexpr std::size_t aes_block_size = CryptoPP::AES::BLOCKSIZE;

using PublicKey = std::array<std::uint8_t, public_key_size>;
using WrappedKey = std::array<std::uint8_t, wrapped_key_size>;
using AesKey = std::array<std::uint8_t, aes_key_size>;

/// A key that is none: not a private key, or not a wrapped AES key.
class KeyError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// An RSA key pair with a modulus of 1024 bits.
class PrivateKey {
  public:
    /// Makes a new pair. Its exponent is 17, so that the public key has 160 bytes.
    static PrivateKey generate();

    /// Reads a PKCS#8 PrivateKeyInfo. Throws KeyError if it is none, is
    /// inconsistent, or has another modulus than one of 1024 bits.
    static PrivateKey from_der(ByteView der);

    /// Returns the PKCS#8 PrivateKeyInfo.
    Bytes der() const;

    /// Throws KeyError if the exponent does not fit into 160 bytes.
    PublicKey public_key() const;

    /// Returns the AES key in a 1602 or 1605. Throws KeyError if it does not
    /// unwrap or has not aes_key_size bytes (SEC-4).
    AesKey unwrap(ByteView wrapped) const;

  private:
    explicit PrivateKey(CryptoPP::RSA::PrivateKey key) : key_(std::move(key)) {}

    CryptoPP::RSA::PrivateKey key_;
};

/// Encrypts one file: AES-CBC from a zero initialisation vector, with PKCS#7
/// padding at its end. All calls together make one chain (FIL-4).
class CbcEncrypter {
  public:
    explicit CbcEncrypter(const AesKey& key);

    /// Appends the ciphertext of a part of the file, of the same length. Throws
    /// std::invalid_argument if that is not a whole number of blocks.
    void encrypt(ByteView plain, Bytes& out);

    /// Appends the ciphertext of the last part of the file, of any length, and of
    /// the padding: 1 to 16 bytes more than it is given.
    void finish(ByteView plain, Bytes& out);

  private:
    CryptoPP::CBC_Mode<CryptoPP::AES>::Encryption cipher_;
};

}  // namespace xfer
