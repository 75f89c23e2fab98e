"""Voices on other computers: accounts, voices, new voices, sound effects, history, costs.

Nothing is sent anywhere before one of the jobs below, or speech with such a voice, is asked for. API keys are never in
a request: they are set with `accounts.set_key` and read by whoever speaks to the provider.

Jobs (queue `cloud`; `cloud.preview`: `listen`), each `request → result`; `engine` is the name of its manifest and may
be left out for `elevenlabs`:

- `cloud.check_key` `{engine}` → `{engine, account}`: asks whether the key is accepted and fetches voices and account.
  `account` as `cloud.account` has it, or None where the engine knows no plans. Raises `KeyNeeded`.
- `cloud.account` `{engine}` → `{plan, used, limit, remaining, resets, extends, voices, voice_limit, at_once, rights}`:
  credits used, of a period and left; when the next begins (ISO 8601 or None); whether more can be had for money; voice
  slots; requests at a time; `rights` as `Rights.to_json`.
- `cloud.voices` `{engines}` → `{voices: {engine: count}, failed: [{engine, error, sentence, hint}]}`: fetch the voices
  of these engines (none named: of every remote engine that can be asked). Afterwards the registry has them, in every
  process. A partial `voices` `{engine, count}` for each engine.
- `cloud.preview` `{voice}` → `{seconds, path}` and partials `sound` as `speech.preview` yields them: the voice's ready
  sample, fetched once. Raises `RequestError` for a voice without one (`Voice.preview` is empty).
- `cloud.design` `{description, text, seed, loudness, guidance}` → `{text, previews: [{id, seconds, path}]}`: new voices
  after a description of 20 to 1000 characters, spoken with `text` (100 to 1000 characters; empty: written for it).
  `seed` (or None), `loudness` (−1…1, default 0) and `guidance` (0…100, default 5) may be left out. `path`: a sound file
  that can be played until the cache is emptied. Costs credits: see `costs.design`.
- `cloud.keep_voice` `{id, name, description, unwanted}` → `{voice}`: keep a designed voice; its id in the registry.
  `unwanted`: ids of the previews that were not chosen (may be left out).
- `cloud.sound_effect` `{text, seconds, influence, loop, name, project, folder, engine}` → `{asset, seconds}`: a sound
  effect in the library. `seconds`: 0.5…30 or None; `influence`: 0…1, default 0.3; `loop`: default False; what follows
  `loop`, and it, may be left out. Costs credits: see `costs.sound_effect`; with an `engine` of this machine it costs
  nothing, see `operations.music.effects`.
- `cloud.history` `{after, size, search}` → `{items: [{id, text, voice, voice_name, model, created, credits, source}],
  after}`: the newest first; `after` of the result (or None) asks for the next page. All may be left out.
- `cloud.history_fetch` `{ids, project, folder}` → `{assets, known}`: their sounds in the library, with text and rights;
  a partial `asset` `{id, asset}` for each. What is in the library already is not fetched again: `known`.
- `cloud.history_listen` `{id}` → `{seconds, path}` and partials `sound` as `cloud.preview` has them; nothing comes into
  the library.
- `cloud.history_delete` `{ids}` → `{deleted}`: deleted at the provider, for good. Nothing in the library changes.

At once, without a job:

- `accounts`: `state`, `states`, `set_key`, `try_key`, `put_back`, `remove_key`; servers: `servers`, `add_server`,
  `edit_server`, `remove_server`.
- `costs`: `cost`, `design`, `sound_effect`: what it will cost, from what is known of the account; asks nobody.
"""
