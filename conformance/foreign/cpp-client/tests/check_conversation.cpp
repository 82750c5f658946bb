#include <optional>
#include <variant>
#include <vector>

#include "cksum.hpp"
#include "frames.hpp"
#include "outgoing_file.hpp"
#include "stream.hpp"
#include "transfer.hpp"

namespace vectors {

namespace {

/// Demands that the client would send these packets of a transfer, if they have the
/// sizes that it gives to packets.
void demand_packets(const Json& vector, const std::vector<Json>& packets) {
    const auto plain = bytes_of(vector, "plaintext");
    const auto size = xfer::TransferSize::of(plain.size());
    if (packets.size() != size.packets) {
        return;
    }
    xfer::Bytes expected;
    for (const Json& packet : packets) {
        xfer::append(expected, bytes_of(packet, "hex"));
    }
    xfer::Packer packer(array_of<xfer::ClientId>(packets.front().at("fields"), "clientId"),
                        vector.at("fileName"), size, array_of<xfer::AesKey>(vector, "aesKey"));
    xfer::Bytes packed;
    packer.append(plain, packed);
    demand(packer.done() && packed == expected, "packed otherwise");
}

/// Demands of each transfer that the client would send it.
void demand_transfers(const Json& vector) {
    std::vector<Json> packets;
    for (const Json& frame : vector.at("frames")) {
        if (frame.at("message") == "file") {
            packets.push_back(frame);
        } else if (!packets.empty()) {
            demand_packets(vector, packets);
            packets.clear();
        }
    }
}

/// Demands that a wrapped key is the one that the conversation uses.
void demand_key(const Json& vector, const xfer::WrappedKey& wrapped) {
    const auto key = xfer::PrivateKey::from_der(bytes_of(vector, "privateKey"));
    demand(key.unwrap(wrapped) == array_of<xfer::AesKey>(vector, "aesKey"), "unwrapped otherwise");
}

/// Demands that the client says what it should after a checksum.
void demand_verdict(const Json& vector, std::uint32_t theirs, const Json& next) {
    xfer::Cksum ours;
    ours.update(bytes_of(vector, "plaintext"));
    demand((ours.value() == theirs) == (next.at("message") == "crc-ok"), "judged otherwise");
}

}  // namespace

void check_conversation(const Json& vector) {
    const Json& frames = vector.at("frames");
    xfer::Bytes stream;
    std::vector<std::size_t> places;  // of the responses among the frames
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto frame = bytes_of(frames[i], "hex");
        if (frames[i].at("from") == "client") {
            demand(encode(frames[i]) == frame, "encoded otherwise");
        } else {
            xfer::append(stream, frame);
            places.push_back(i);
        }
    }
    demand_transfers(vector);
    for (const std::size_t piece : piece_sizes) {
        const auto responses = receive(stream, piece, places.size());
        for (std::size_t i = 0; i < responses.size(); ++i) {
            const auto& body = responses[i].body;
            demand_fields(responses[i], frames[places[i]]);
            if (const auto* key = std::get_if<xfer::KeyAccepted>(&body)) {
                demand_key(vector, key->wrapped);
            } else if (const auto* login = std::get_if<xfer::LoginAccepted>(&body)) {
                demand_key(vector, login->wrapped);
            } else if (const auto* received = std::get_if<xfer::FileReceived>(&body)) {
                demand_verdict(vector, received->cksum, frames.at(places[i] + 1));
            }
        }
    }
}

}  // namespace vectors
