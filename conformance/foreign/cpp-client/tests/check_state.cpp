#include <sstream>
#include <string>

#include "check.hpp"
#include "state_files.hpp"

namespace vectors {

namespace {

std::string text_of(const Json& vector) {
    if (vector.contains("text")) {
        return vector.at("text");
    }
    const auto bytes = bytes_of(vector, "hex");
    return std::string(bytes.begin(), bytes.end());
}

/// Reads a private key as the client does, and returns it as the client writes it.
std::string key_in_hex(const xfer::Bytes& der) {
    return xfer::encode_hex(xfer::PrivateKey::from_der(der).der());
}

// Each reads a file and returns its value, called as the vectors call it.

Json read_transfer_info(const std::string& text) {
    const auto info = xfer::parse_transfer_info(text);
    std::ostringstream address;
    address << info.server;
    return {{"addr", address.str()}, {"name", info.name}, {"path", info.path}};
}

Json read_me_info(const std::string& text) {
    const auto me = xfer::parse_me_info(text);
    Json value = {{"name", me.name}, {"clientId", xfer::encode_hex(me.id)}};
    if (me.private_key) {
        value["privateKey"] = key_in_hex(*me.private_key);
    }
    return value;
}

Json read_priv_key(const std::string& text) {
    return {{"privateKey", key_in_hex(xfer::parse_priv_key(text))}};
}

Json read(const std::string& file, const std::string& text) {
    if (file == "transfer.info") {
        return read_transfer_info(text);
    }
    return file == "me.info" ? read_me_info(text) : read_priv_key(text);
}

/// Writes what a file says as the client does.
std::string rewrite(const std::string& file, const std::string& text) {
    if (file == "me.info") {
        return xfer::format_me_info(xfer::parse_me_info(text));
    }
    return file == "priv.key" ? xfer::format_priv_key(xfer::parse_priv_key(text)) : text;
}

/// Demands that a file is refused, and because of the right line.
void demand_fault(const Json& vector, const std::string& file, const std::string& text) {
    try {
        read(file, text);
    } catch (const xfer::FormatError& error) {
        demand(error.line() == vector.value("line", std::size_t{0}),
               std::string("refused for another line: ") + error.what());
        return;
    } catch (const xfer::KeyError&) {
        demand(vector.contains("hex"), "the text of the file is accepted");
        return;  // bare DER has no lines
    }
    throw Mismatch("accepted, but to be refused");
}

}  // namespace

void check_state(const Json& vector) {
    const std::string file = vector.at("file");
    if (file == "port.info") {
        throw NotForClient("port.info, which is for servers");
    }
    const std::string text = text_of(vector);
    if (breaks(vector)) {
        demand_fault(vector, file, text);
        return;
    }
    const Json value = read(file, text);
    demand(value == vector.at("value"), "read as " + value.dump());
    demand(read(file, rewrite(file, text)) == value, "written and read again otherwise");
}

}  // namespace vectors
