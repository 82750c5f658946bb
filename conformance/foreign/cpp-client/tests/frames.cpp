#include "frames.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>

namespace vectors {

namespace {

xfer::Bytes encode_packet(const xfer::ClientId& client, const Json& fields) {
    const auto name = fields.at("fileName").get<std::string>();
    const xfer::Bytes content = bytes_of(fields, "content");
    xfer::Bytes frame;
    xfer::append_packet_head(frame, client,
                             {fields.at("contentSize"), fields.at("originalSize"),
                              fields.at("packetNumber"), fields.at("totalPackets"), name},
                             static_cast<std::uint32_t>(content.size()));
    xfer::append(frame, content);
    return frame;
}

/// The fields of a response's payload, as the vectors call them.
struct Fields {
    Json& json;

    void id(const xfer::ClientId& client) { json["clientId"] = xfer::encode_hex(client); }
    void wrapped(const xfer::WrappedKey& key) { json["wrappedKey"] = xfer::encode_hex(key); }

    void operator()(const xfer::Registered& body) { id(body.client); }
    void operator()(const xfer::RegistrationRefused&) {}
    void operator()(const xfer::KeyAccepted& body) {
        id(body.client);
        wrapped(body.wrapped);
    }
    void operator()(const xfer::FileReceived& body) {
        id(body.client);
        json["contentSize"] = body.content_size;
        json["fileName"] = body.file_name;
        json["cksum"] = body.cksum;
    }
    void operator()(const xfer::Thanks& body) { id(body.client); }
    void operator()(const xfer::LoginAccepted& body) {
        id(body.client);
        wrapped(body.wrapped);
    }
    void operator()(const xfer::LoginRefused& body) { id(body.client); }
    void operator()(const xfer::GeneralError&) {}
};

}  // namespace

xfer::Bytes encode(const Json& vector) {
    using xfer::RequestCode;
    const auto message = vector.at("message").get<std::string>();
    const Json& fields = vector.at("fields");
    const auto client = array_of<xfer::ClientId>(fields, "clientId");
    if (message == "file") {
        return encode_packet(client, fields);
    }
    if (message == "public-key") {
        return xfer::public_key_request(client, fields.at("name").get<std::string>(),
                                        array_of<xfer::PublicKey>(fields, "publicKey"));
    }
    static const std::map<std::string, std::pair<RequestCode, const char*>> requests = {
        {"register", {RequestCode::register_name, "name"}},
        {"login", {RequestCode::login, "name"}},
        {"crc-ok", {RequestCode::crc_ok, "fileName"}},
        {"crc-bad", {RequestCode::crc_bad, "fileName"}},
        {"crc-abort", {RequestCode::crc_abort, "fileName"}},
    };
    const auto& [code, member] = requests.at(message);
    return xfer::name_request(code, client, fields.at(member).get<std::string>());
}

xfer::Response decode_whole(const xfer::Bytes& frame) {
    xfer::ByteView rest(frame);
    std::array<std::uint8_t, xfer::response_header_size> head{};
    const xfer::ByteView bytes = rest.take(head.size());
    std::copy(bytes.begin(), bytes.end(), head.begin());
    return xfer::decode_response(xfer::decode_header(head), rest);
}

void demand_fields(const xfer::Response& response, const Json& vector) {
    Json fields = {
        {"version", response.header.version},
        {"code", response.header.code},
        {"payloadSize", response.header.payload_size},
    };
    std::visit(Fields{fields}, response.body);
    demand(fields == vector.at("fields"), "decoded as " + fields.dump());
}

}  // namespace vectors
