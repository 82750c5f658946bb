// Runs the golden vectors of edition 2024a through the client's own library.

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>

#include "check.hpp"

namespace {

using vectors::Json;

struct Kind {
    const char* name;  // of the file in data/, without its .json
    void (*check)(const Json&);
};

constexpr Kind kinds[] = {
    {"messages-2024a", vectors::check_message},
    {"negative-2024a", vectors::check_negative},
    {"conversations-2024a", vectors::check_conversation},
    {"cksum", vectors::check_cksum},
    {"seal-public-key", vectors::check_public_key},
    {"seal-unwrap", vectors::check_unwrap},
    {"seal-cbc", vectors::check_cbc},
    {"state", vectors::check_state},
};

struct Count {
    int passed = 0;
    int failed = 0;
    int left_out = 0;

    Count& operator+=(const Count& other) {
        passed += other.passed;
        failed += other.failed;
        left_out += other.left_out;
        return *this;
    }
};

std::ostream& operator<<(std::ostream& out, const Count& count) {
    return out << count.passed << " passed, " << count.failed << " failed, " << count.left_out
               << " not for a client";
}

/// Runs all vectors of a kind and prints what came of it.
Count run(const Kind& kind, const std::filesystem::path& data) {
    std::ifstream file(data / (std::string(kind.name) + ".json"));
    if (!file) {
        throw std::runtime_error(std::string("no file ") + kind.name + ".json");
    }
    const Json content = Json::parse(file);
    Count count;
    std::map<std::string, int> reasons;
    for (const Json& vector : content.at("vectors")) {
        try {
            kind.check(vector);
            ++count.passed;
        } catch (const vectors::NotForClient& reason) {
            ++count.left_out;
            ++reasons[reason.what()];
        } catch (const std::exception& error) {
            ++count.failed;
            std::cout << "FAILED " << vector.value("id", "?") << " (" << vector.value("comment", "")
                      << "): " << error.what() << '\n';
        }
    }
    std::cout << kind.name << ": " << count << '\n';
    for (const auto& [reason, number] : reasons) {
        std::cout << "    " << number << " " << reason << '\n';
    }
    return count;
}

}  // namespace

int main(int argc, char* argv[]) {
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " FOLDER\nFOLDER is the one with data/ in it\n";
        return EXIT_FAILURE;
    }
    try {
        Count all;
        bool complete = true;
        for (const Kind& kind : kinds) {
            const Count count = run(kind, std::filesystem::path(argv[1]) / "data");
            complete = complete && count.passed > 0;
            all += count;
        }
        std::cout << all << '\n';
        return complete && all.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    } catch (const std::exception& error) {
        std::cerr << "the vectors in " << argv[1] << " cannot be run: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
