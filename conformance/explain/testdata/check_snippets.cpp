// What the snippets define, called. Each is in a namespace of its cause's name.

#include <cstdio>
#include <cstring>
#include <sstream>

#define CHECK(what)                                         \
    do {                                                    \
        if (!(what)) {                                      \
            std::printf("line %d: %s\n", __LINE__, #what);  \
            failed = true;                                  \
        }                                                   \
    } while (false)

static bool failed = false;

template <typename Call>
bool refuses(Call call) {
    try {
        call();
    } catch (const std::exception&) {
        return true;
    }
    return false;
}

struct Reader {
    std::vector<std::uint8_t> data;
    std::size_t position = 0;
    void operator()(std::uint8_t* into, std::size_t size) {
        if (size > data.size() - position) {
            throw std::runtime_error("nothing more");
        }
        std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(position), size, into);
        position += size;
    }
};

// A session of a client that is known, or that is refused.
struct Session {
    struct Key {
        int number;
        int unwrap(int wrapped) const { return number * 100 + wrapped; }
    };
    struct Answer {
        std::uint16_t code;
        int wrapped_key;
    };
    bool known, accepted;
    Key private_key{1};
    int id = 0, aes_key = 0;
    std::string said{};

    bool has_me_info() const { return known; }
    Answer login() { said += "L"; return {static_cast<std::uint16_t>(accepted ? 1605 : 1606), 5}; }
    Key new_key_pair() { said += "K"; return {2}; }
    int register_name(const std::string& name) { said += "R" + name; return 7; }
    void write_me_info() { said += "W"; }
    Answer send_public_key() { said += "P"; return {1602, 6}; }
};

// A session whose first transfers have wrong checksums.
struct Delivery {
    int wrong;
    std::string said;
    std::uint32_t send_file() { said += "F"; return wrong-- > 0 ? 1 : 2; }
    std::uint32_t cksum() const { return 2; }
    void request(int code) { said += std::to_string(code); }
    void await(int code) { said += "<" + std::to_string(code); }
};

int main() {
    using Bytes = std::vector<std::uint8_t>;
    std::array<std::uint8_t, 16> id{};
    id[0] = 0x0a;
    id[15] = 0xff;

    Reader reader{{3, 0x44, 6, 2, 0, 0, 0, 'h', 'i', 3}};
    const auto response = read_too_far::read_response(std::ref(reader));
    CHECK(response.version == 3 && response.code == 1604 && response.payload == Bytes({'h', 'i'}) && reader.position == 9);
    CHECK(refuses([] { read_too_far::read_response(Reader{{3, 0x44, 6, 0, 0, 0, 0x80}}); }));
    Reader long_one{Bytes(10000)};
    size_by_code::skip(9999, std::ref(long_one));
    CHECK(long_one.position == 9999);
    Bytes expected(id.begin(), id.end());
    for (const std::uint8_t byte : {3, 4, 4, 1, 0, 0, 0, 9}) {
        expected.push_back(byte);
    }
    CHECK(size_by_hand::request(id, 1028, {9}) == expected);
    Bytes number;
    byte_order::put_u32(number, 0x01020304);
    CHECK(number == Bytes({4, 3, 2, 1}));
    struct_on_the_wire::RequestHeader header;
    std::uint8_t raw[23];
    std::memcpy(raw, &header, sizeof raw);
    CHECK(raw[0] == 0 && raw[16] == 3 && raw[22] == 0);
    const auto field = text_without_nul::text_field("Ada");
    CHECK(field[3] == 0 && field[254] == 0 && text_with_padding::text_of(field) == "Ada");
    CHECK(refuses([] { text_without_nul::text_field(std::string(255, 'x')); }));
    std::array<char, 255> endless;
    endless.fill('x');
    CHECK(refuses([&] { text_with_padding::text_of(endless); }));
    CHECK(version_copied::Header().version == 3);
    CHECK(version_of_a_response::judge(2, 1600, 1600) == version_of_a_response::Verdict::error);
    CHECK(version_of_a_response::judge(3, 1600, 1600) == version_of_a_response::Verdict::expected);

    std::istringstream line("Ada Lovelace \r\nnext");
    CHECK(name_not_the_payload::read_line(line) == "Ada Lovelace");
    Bytes key{1};
    former_key::take_key(key, {2});
    CHECK(key == Bytes({2}));
    CHECK(id_of_hex_digits::parse_id("0a0000000000000000000000000000FF") == id);
    CHECK(refuses([] { id_of_hex_digits::parse_id("0a"); }));
    CHECK(refuses([] { id_of_hex_digits::parse_id("0x0000000000000000000000000000ff"); }));
    CHECK(hex_without_zeros::to_hex(id) == "0a0000000000000000000000000000ff");
    Session known{true, true}, refused{true, false}, fresh{false, false};
    after_login::introduce(known, "Ada");
    after_login::introduce(refused, "Ada");
    after_login::introduce(fresh, "Ada");
    CHECK(known.said == "L" && known.aes_key == 105);
    CHECK(refused.said == "LKRAdaWP" && refused.aes_key == 206 && refused.id == 7);
    CHECK(fresh.said == "KRAdaWP");

    CHECK(packet_count::packets_of(16) == 1 && packet_count::packets_of(1024) == 1 && packet_count::packets_of(1040) == 2);
    CHECK(sizes_of_the_packet::sizes_of(0).content == 16 && sizes_of_the_packet::sizes_of(37).content == 48);
    CHECK(sizes_of_the_packet::sizes_of(1008).content == 1024);
    const auto contents = chain_per_packet::cut(Bytes(2064, 7));
    CHECK(contents.size() == 3 && contents[0].size() == 1024 && contents[2].size() == 16);
    CHECK(counter_wraps::total_packets(0) == 1 && counter_wraps::total_packets(67107839) == 65535);
    CHECK(refuses([] { counter_wraps::total_packets(67107840); }));
    CHECK(path_on_the_wire::name_on_the_wire("/a/b c/wire.txt") == "wire.txt");
    CHECK(refuses([] { text_mode::read_file("/no/such/file"); }));
    CHECK(!unlinked_source::open_to_send("/no/such/file").is_open());

    const std::string digits = "123456789";
    CHECK(zlib_crc::cksum({digits.begin(), digits.end()}) == 930766865U);
    CHECK(zlib_crc::cksum({}) == 4294967295U);
    Delivery first{0, ""}, fourth{3, ""}, never{9, ""};
    CHECK(count_of_transfers::deliver(first) && first.said == "F1029<1604");
    CHECK(count_of_transfers::deliver(fourth) && fourth.said == "F1030F1030F1030F1029<1604");
    CHECK(!count_of_transfers::deliver(never) && never.said == "F1030F1030F1030F1031<1604");

    std::istringstream task("127.0.0.1:1256\r\nAda Lovelace\r\na b.txt");
    const auto read = read_by_words::read_task(task);
    CHECK(read.host == "127.0.0.1" && read.port == "1256" && read.name == "Ada Lovelace" && read.path == "a b.txt");
    std::istringstream two("127.0.0.1:1256\nAda\n");
    CHECK(refuses([&] { read_by_words::read_task(two); }));
    CHECK(refuses([] { file_not_there::open("/no/such/file"); }));
    CHECK(file_not_there::run_client([] {}) == 0);
    std::istringstream me("Ada\n00ff\nabc\r\ndef\n");
    CHECK(me_info_order::read_me_info(me).private_key_in_base64 == "abcdef");
    std::cerr.setstate(std::ios::failbit);
    CHECK(file_not_there::run_client([] { throw std::runtime_error("x"); }) != 0);
    CHECK(!me_info_damaged::load_identity([]() -> int { throw std::runtime_error("x"); }));
    CHECK(me_info_damaged::load_identity([] { return 4; }) == 4);

    std::cout.setstate(std::ios::failbit);
    struct Answer {
        std::uint16_t code;
    };
    int sendings = 0;
    const auto send = [&] { ++sendings; };
    CHECK(refuses([&] { sendings::exchange(1604, send, [] { return Answer{1607}; }); }) && sendings == 4);
    sendings = 0;
    CHECK(sendings::exchange(1604, send, [&] { return Answer{static_cast<std::uint16_t>(sendings < 3 ? 1607 : 1604)}; }).code == 1604);
    CHECK(sendings == 3);
    Bytes answer(144);
    CHECK(!payload_not_checked::is_key_answer(answer, id) && !payload_not_checked::is_key_answer({}, id));
    std::copy(id.begin(), id.end(), answer.begin());
    CHECK(payload_not_checked::is_key_answer(answer, id));
    CHECK(refuses([] { key_not_checked::check_key(Bytes(16), true); }) && refuses([] { key_not_checked::check_key(Bytes(32), false); }));
    key_not_checked::check_key(Bytes(32), true);
    return failed ? 1 : 0;
}
