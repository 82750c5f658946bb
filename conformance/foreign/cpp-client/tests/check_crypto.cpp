#include <algorithm>
#include <string>

#include "check.hpp"
#include "cksum.hpp"
#include "outgoing_file.hpp"
#include "wire.hpp"

namespace vectors {

namespace {

/// Returns the checksum in a 1603 that ends with these bytes.
std::uint32_t cksum_on_the_wire(const xfer::Bytes& bytes) {
    const xfer::ResponseHeader header{xfer::protocol_version, 1603, 279};
    xfer::Bytes payload(header.payload_size - bytes.size());
    xfer::append(payload, bytes);
    return std::get<xfer::FileReceived>(decode_response(header, payload).body).cksum;
}

/// Encrypts a file in parts of a length, the last of which may be shorter.
xfer::Bytes encrypt(const xfer::AesKey& key, xfer::ByteView plain, std::size_t part) {
    xfer::CbcEncrypter encrypter(key);
    xfer::Bytes cipher;
    while (plain.size() > part) {
        encrypter.encrypt(plain.take(part), cipher);
    }
    encrypter.finish(plain, cipher);
    return cipher;
}

}  // namespace

void check_cksum(const Json& vector) {
    const auto pattern = bytes_of(vector, "pattern");
    xfer::Bytes file(vector.at("length").get<std::size_t>());
    for (std::size_t i = 0; i < file.size(); ++i) {
        file[i] = pattern.at(i % pattern.size());
    }
    const std::uint32_t expected = vector.at("cksum");
    for (const std::size_t part : {std::size_t{1}, std::size_t{1000}, file.size() + 1}) {
        xfer::Cksum cksum;
        for (xfer::ByteView rest(file); !rest.empty();) {
            cksum.update(rest.take(std::min(part, rest.size())));
        }
        demand(cksum.value() == expected, "the checksum is " + std::to_string(cksum.value()));
    }
    demand(cksum_on_the_wire(bytes_of(vector, "wire")) == expected, "read from the wire otherwise");
}

void check_public_key(const Json& vector) {
    if (!vector.contains("pkcs8")) {
        throw NotForClient("public keys without their private halves: a client reads none");
    }
    const auto pkcs8 = bytes_of(vector, "pkcs8");
    const auto key = xfer::PrivateKey::from_der(pkcs8);
    demand(key.public_key() == array_of<xfer::PublicKey>(vector, "spki"),
           "the public half is encoded otherwise");
    demand(key.der() == pkcs8, "the private half is encoded otherwise");
}

void check_unwrap(const Json& vector) {
    if (vector.at("keySize") != xfer::aes_key_size) {
        throw NotForClient("AES keys of 128 bits, which edition 2024a does not have");
    }
    const auto key = xfer::PrivateKey::from_der(bytes_of(vector, "privateKey"));
    const auto wrapped = bytes_of(vector, "wrapped");
    if (breaks(vector)) {
        demand_refusal<xfer::KeyError>([&] { key.unwrap(wrapped); });
        return;
    }
    demand(key.unwrap(wrapped) == array_of<xfer::AesKey>(vector, "key"), "unwrapped otherwise");
}

void check_cbc(const Json& vector) {
    if (breaks(vector)) {
        throw NotForClient("wrong ciphertexts: a client does not decrypt");
    }
    if (bytes_of(vector, "key").size() != xfer::aes_key_size) {
        throw NotForClient("AES keys of 128 bits, which edition 2024a does not have");
    }
    const auto key = array_of<xfer::AesKey>(vector, "key");
    const auto plain = bytes_of(vector, "plaintext");
    const auto cipher = bytes_of(vector, "ciphertext");
    for (const std::size_t part :
         {xfer::aes_block_size, 2 * xfer::aes_block_size, std::size_t{4096}}) {
        demand(encrypt(key, plain, part) == cipher, "encrypted otherwise");
    }
    demand(xfer::TransferSize::of(plain.size()).content == cipher.size(), "foreseen otherwise");
}

}  // namespace vectors
