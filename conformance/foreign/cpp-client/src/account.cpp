#include "account.hpp"

#include <variant>

#include "encoding.hpp"

namespace xfer {

namespace {

/// Returns the AES key in an answer to this client.
AesKey unwrap(const Identity& me, const ClientId& id, const WrappedKey& wrapped) {
    expect_id(id, me.id);
    try {
        return me.key.unwrap(wrapped);
    } catch (const KeyError& error) {
        throw BadResponse(error.what());  // so nothing is sent under it (SEC-4)
    }
}

/// Returns none if the server refuses the login.
std::optional<AesKey> log_in(const Dialogue& dialogue, const Identity& me) {
    const Question login =
        dialogue.request("the login", name_request(RequestCode::login, me.id, me.name),
                         "remove me.info to register anew");
    return dialogue.ask(login, [&](const Response& response) -> std::optional<AesKey> {
        if (const auto* refused = std::get_if<LoginRefused>(&response.body)) {
            expect_id(refused->client, me.id);
            return std::nullopt;
        }
        const auto& accepted = expect<LoginAccepted>(response);
        return unwrap(me, accepted.client, accepted.wrapped);
    });
}

ClientId register_name(const Dialogue& dialogue, const std::string& name) {
    const Question registration = dialogue.request(
        "the registration", name_request(RequestCode::register_name, ClientId{}, name),
        "if the name \"" + name + "\" is taken, write another on line 2 of transfer.info");
    return dialogue.ask(
        registration, [](const Response& response) { return expect<Registered>(response).client; });
}

AesKey exchange_keys(const Dialogue& dialogue, const Identity& me) {
    const Question public_key =
        dialogue.request("the public key", public_key_request(me.id, me.name, me.key.public_key()),
                         "see what the server says about it");
    return dialogue.ask(public_key, [&](const Response& response) {
        const auto& accepted = expect<KeyAccepted>(response);
        return unwrap(me, accepted.client, accepted.wrapped);
    });
}

}  // namespace

Account introduce(const Dialogue& dialogue, const std::optional<Identity>& known,
                  const std::string& name) {
    if (known) {
        if (const auto key = log_in(dialogue, *known)) {
            dialogue.log() << "logged in as " << known->name << std::endl;
            return {known->id, *key};
        }
        dialogue.log() << "the server does not know " << known->name << " any more" << std::endl;
    }
    const Identity me{name, register_name(dialogue, name), PrivateKey::generate()};
    save_identity(me);
    dialogue.log() << "registered " << name << " as " << encode_hex(me.id) << std::endl;
    return {me.id, exchange_keys(dialogue, me)};
}

}  // namespace xfer
