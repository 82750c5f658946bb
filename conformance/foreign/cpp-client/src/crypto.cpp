#include "crypto.hpp"

#include <cryptopp/filters.h>
#include <cryptopp/osrng.h>

#include <algorithm>
#include <string>
#include <utility>

namespace xfer {

namespace {

constexpr unsigned modulus_bits = 1024;
constexpr int public_exponent = 17;

/// The level that looks whether the numbers of a key belong together, but does
/// not spend time on proving its primes to be prime.
constexpr unsigned consistent = 2;

template <typename Key>
Bytes save(const Key& key) {
    CryptoPP::ByteQueue queue;
    key.Save(queue);
    Bytes der(static_cast<std::size_t>(queue.CurrentSize()));
    queue.Get(der.data(), der.size());
    return der;
}

}  // namespace

PrivateKey PrivateKey::generate() {
    CryptoPP::AutoSeededRandomPool random;
    CryptoPP::RSA::PrivateKey key;
    key.Initialize(random, modulus_bits, public_exponent);
    return PrivateKey(std::move(key));
}

PrivateKey PrivateKey::from_der(ByteView der) try {
    CryptoPP::AutoSeededRandomPool random;
    CryptoPP::ArraySource source(der.data(), der.size(), true);
    CryptoPP::RSA::PrivateKey key;
    key.Load(source);
    if (source.AnyRetrievable()) {
        throw KeyError("bytes follow the private key");
    }
    if (key.GetModulus().BitCount() != modulus_bits || !key.Validate(random, consistent)) {
        throw KeyError("the private key is not an RSA key of 1024 bits, or damaged");
    }
    return PrivateKey(std::move(key));
} catch (const CryptoPP::Exception& error) {
    throw KeyError(std::string("the private key cannot be read: ") + error.what());
}

Bytes PrivateKey::der() const {
    return save(key_);
}

PublicKey PrivateKey::public_key() const {
    const Bytes der = save(CryptoPP::RSA::PublicKey(key_));
    PublicKey key{};
    if (der.size() != key.size()) {
        throw KeyError("the public key takes " + std::to_string(der.size()) + " bytes, not " +
                       std::to_string(key.size()));
    }
    std::copy(der.begin(), der.end(), key.begin());
    return key;
}

AesKey PrivateKey::unwrap(ByteView wrapped) const try {
    if (wrapped.size() != wrapped_key_size) {
        throw KeyError("the wrapped AES key has " + std::to_string(wrapped.size()) + " bytes");
    }
    CryptoPP::AutoSeededRandomPool random;  // blinds the computation
    const CryptoPP::RSAES_OAEP_SHA_Decryptor decryptor(key_);
    std::array<std::uint8_t, wrapped_key_size> plain{};
    const CryptoPP::DecodingResult result =
        decryptor.Decrypt(random, wrapped.data(), wrapped.size(), plain.data());
    if (!result.isValidCoding) {
        throw KeyError("the AES key does not unwrap");
    }
    if (result.messageLength != aes_key_size) {
        throw KeyError("the AES key has " + std::to_string(result.messageLength) +
                       " bytes instead of " + std::to_string(aes_key_size));
    }
    AesKey key{};
    std::copy_n(plain.begin(), key.size(), key.begin());
    return key;
} catch (const CryptoPP::Exception& error) {
    throw KeyError(std::string("the AES key does not unwrap: ") + error.what());
}

CbcEncrypter::CbcEncrypter(const AesKey& key) {
    const std::array<std::uint8_t, aes_block_size> zero_vector{};
    cipher_.SetKeyWithIV(key.data(), key.size(), zero_vector.data());
}

void CbcEncrypter::encrypt(ByteView plain, Bytes& out) {
    if (plain.size() % aes_block_size != 0) {
        throw std::invalid_argument("only whole blocks can be encrypted before the end");
    }
    const std::size_t start = out.size();
    append(out, plain);
    cipher_.ProcessData(out.data() + start, out.data() + start, plain.size());
}

void CbcEncrypter::finish(ByteView plain, Bytes& out) {
    encrypt(plain.take(plain.size() - plain.size() % aes_block_size), out);
    const auto padding = static_cast<std::uint8_t>(aes_block_size - plain.size());
    Bytes last(plain.begin(), plain.end());
    last.insert(last.end(), padding, padding);
    encrypt(last, out);
}

}  // namespace xfer
