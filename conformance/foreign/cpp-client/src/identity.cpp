#include "identity.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "state_files.hpp"

namespace xfer {

namespace {

namespace fs = std::filesystem;

constexpr const char* me_info = "me.info";
constexpr const char* priv_key = "priv.key";

// The longest honest file, a me.info, has about a thousand bytes.
constexpr std::uintmax_t max_file_size = 65536;

/// A file beside the one that it will replace; removed if it does not.
class TemporaryFile {
  public:
    explicit TemporaryFile(const fs::path& target) : path_(target.string() + ".XXXXXX") {
        const int file = ::mkstemp(path_.data());  // with mode 0600
        if (file < 0) {
            throw std::system_error(errno, std::generic_category(),
                                    target.string() + " cannot be written");
        }
        ::close(file);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        std::error_code ignored;
        fs::remove(path_, ignored);  // does nothing after replace
    }

    void write(const std::string& text) {
        std::ofstream out(path_, std::ios::binary);
        out << text << std::flush;
        if (!out) {
            throw std::runtime_error(path_ + " cannot be written");
        }
    }

    void replace(const fs::path& target) { fs::rename(path_, target); }

  private:
    std::string path_;
};

void write_private(const fs::path& path, const std::string& text) {
    TemporaryFile file(path);
    file.write(text);
    file.replace(path);
}

}  // namespace

std::string read_small_file(const fs::path& path) {
    if (!fs::exists(path)) {
        throw std::runtime_error(path.string() + " is missing");
    }
    if (!fs::is_regular_file(path) || fs::file_size(path) > max_file_size) {
        throw std::runtime_error(path.string() + " is not a small regular file");
    }
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
        throw std::runtime_error(path.string() + " cannot be read");
    }
    return text;
}

std::optional<Identity> load_identity() {
    if (!fs::exists(me_info)) {
        return std::nullopt;
    }
    const MeInfo me = parse_me_info(read_small_file(me_info));
    const Bytes der = me.private_key ? *me.private_key : parse_priv_key(read_small_file(priv_key));
    return Identity{me.name, me.id, PrivateKey::from_der(der)};
}

void save_identity(const Identity& identity) {
    const Bytes der = identity.key.der();
    write_private(priv_key, format_priv_key(der));
    write_private(me_info, format_me_info({identity.name, identity.id, der}));
}

}  // namespace xfer
