#include <algorithm>
#include <optional>

#include "wire.hpp"

namespace xfer {

namespace {

/// What is fixed about a response.
struct Layout {
    ResponseCode code;
    std::uint32_t payload_size;
    const char* meaning;
};

constexpr std::uint32_t id_size = std::tuple_size_v<ClientId>;

constexpr Layout layouts[] = {
    {ResponseCode::registered, id_size, "registered"},
    {ResponseCode::registration_refused, 0, "registration refused"},
    {ResponseCode::key_accepted, id_size + wrapped_key_size, "key accepted"},
    {ResponseCode::file_received, id_size + 4 + text_size + 4, "file received"},
    {ResponseCode::thanks, id_size, "thanks"},
    {ResponseCode::login_accepted, id_size + wrapped_key_size, "login accepted"},
    {ResponseCode::login_refused, id_size, "login refused"},
    {ResponseCode::general_error, 0, "general error"},
};

const Layout* find_layout(std::uint16_t code) {
    const auto* found = std::find_if(
        std::begin(layouts), std::end(layouts),
        [code](const Layout& layout) { return static_cast<std::uint16_t>(layout.code) == code; });
    return found == std::end(layouts) ? nullptr : found;
}

template <typename Unsigned>
Unsigned take_integer(ByteView& in) {
    Unsigned value = 0;
    std::size_t shift = 0;
    for (const std::uint8_t byte : in.take(sizeof value)) {
        value = static_cast<Unsigned>(value | Unsigned{byte} << shift);
        shift += 8;
    }
    return value;
}

template <std::size_t N>
std::array<std::uint8_t, N> take_array(ByteView& in) {
    std::array<std::uint8_t, N> array{};
    const ByteView bytes = in.take(N);
    std::copy(bytes.begin(), bytes.end(), array.begin());
    return array;
}

ClientId take_id(ByteView& in) {
    return take_array<id_size>(in);
}

/// What follows the first NUL does not belong to the text (FRM-9).
std::string take_text(ByteView& in) {
    const ByteView field = in.take(text_size);
    const auto* nul = std::find(field.begin(), field.end(), 0);
    if (nul == field.end()) {
        throw BadResponse("a response with a text that does not end");
    }
    return std::string(field.begin(), nul);
}

}  // namespace

ResponseHeader decode_header(const std::array<std::uint8_t, response_header_size>& bytes) {
    ByteView in(bytes);
    // The elements of a braced list are evaluated in their order.
    return {take_integer<std::uint8_t>(in), take_integer<std::uint16_t>(in),
            take_integer<std::uint32_t>(in)};
}

void check_header(const ResponseHeader& header) {
    const Layout* layout = find_layout(header.code);
    if (layout == nullptr) {
        throw BadResponse(describe(header));
    }
    if (layout->payload_size != header.payload_size) {
        throw BadResponse(describe(header) + " with a payload of " +
                          std::to_string(header.payload_size) + " bytes instead of " +
                          std::to_string(layout->payload_size));
    }
}

Response decode_response(const ResponseHeader& header, ByteView payload) {
    check_header(header);
    if (payload.size() != header.payload_size) {
        throw BadResponse(describe(header) + " is not as long as it says");
    }
    switch (static_cast<ResponseCode>(header.code)) {
        case ResponseCode::registered:
            return {header, Registered{take_id(payload)}};
        case ResponseCode::registration_refused:
            return {header, RegistrationRefused{}};
        case ResponseCode::key_accepted:
            return {header, KeyAccepted{take_id(payload), take_array<wrapped_key_size>(payload)}};
        case ResponseCode::file_received:
            return {header, FileReceived{take_id(payload), take_integer<std::uint32_t>(payload),
                                         take_text(payload), take_integer<std::uint32_t>(payload)}};
        case ResponseCode::thanks:
            return {header, Thanks{take_id(payload)}};
        case ResponseCode::login_accepted:
            return {header, LoginAccepted{take_id(payload), take_array<wrapped_key_size>(payload)}};
        case ResponseCode::login_refused:
            return {header, LoginRefused{take_id(payload)}};
        case ResponseCode::general_error:
            return {header, GeneralError{}};
    }
    throw BadResponse(describe(header));
}

std::string describe(const ResponseHeader& header) {
    const Layout* layout = find_layout(header.code);
    return std::to_string(header.code) + " (" +
           (layout != nullptr ? layout->meaning : "an unknown code") + ")";
}

}  // namespace xfer
