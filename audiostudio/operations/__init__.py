"""What a user can ask for. The window and the command line both call these and nothing lower.

Bodies are imported when they first run, so that naming an operation costs nothing.
"""

from collections.abc import Generator, Mapping
from importlib import import_module
from typing import Any

from audiostudio.jobs import Body, JsonObject, Limits, Operation, Partial, Progress

_FILES = Limits(memory=6 << 30, seconds=900)
"""For what opens files from outside: a hostile one ends its worker, not the studio."""
_LOOK = Limits(memory=6 << 30, seconds=300)
_PREPARE = Limits(memory=6 << 30, seconds=4 * 3600)
"""For what decodes whole films, and takes noise off hours of speech."""
_EXPORT = Limits(memory=12 << 30)
"""For what decodes files of the library, and may take hours."""
_VOICES = Limits(seconds=4 * 3600)
"""For what decodes recordings from outside and learns from them, beside the engines that are loaded already; PyTorch
reserves more address space than there is memory."""
_CLOUD = Limits(memory=6 << 30)
"""For what decodes what a server sent. A server that falls silent is given up anyway."""


def _body(module: str, name: str) -> Body:
    def run(studio: Any, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
        body: Body = getattr(import_module(f"audiostudio.operations.{module}"), name)
        return (yield from body(studio, request))

    return run


OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation("speech.file", _body("speak", "speak_to_file")),
        Operation("speech.generate", _body("generate", "generate")),
        # Beside all others, as the line that somebody is redrawing waits for no book; stored with the take it makes.
        Operation("speech.redraw", _body("generate", "generate"), queue="preview", keep=False),
        Operation("speech.export", _body("export", "export"), queue="export"),
        Operation("speech.render", _body("export", "render")),
        Operation("speech.batch", _body("batch", "batch")),
        Operation("speech.timeline", _body("batch", "one_timeline")),
        Operation("takes.keep", _body("takes", "keep"), queue="files", limits=_FILES),
        Operation("speech.preview", _body("preview", "preview"), queue="preview", keep=False),
        Operation("speech.warm", _body("preview", "warm"), queue="preview", keep=False),
        Operation("speech.check", _body("check", "check_takes"), queue="listening"),
        Operation("speech.fix", _body("fix", "fix")),
        Operation("speech.align", _body("check", "align_takes"), queue="listening"),
        Operation("speech.check_file", _body("check", "check_file"), queue="listening", keep=False),
        Operation("timeline.mix", _body("mixing", "mix_timeline"), queue="export", limits=_EXPORT),
        Operation("timeline.export", _body("handoff", "export_timeline"), queue="export", limits=_EXPORT),
        Operation("timeline.piece", _body("dragging", "render_piece"), queue="prepare", limits=_EXPORT, keep=False),
        Operation("timeline.speech", _body("ducking", "find_speech"), queue="prepare", limits=_EXPORT, keep=False),
        Operation("file.verify", _body("verify", "verify"), queue="verify", limits=_PREPARE, keep=False),
        Operation("captions.file", _body("captions", "caption_file"), queue="listening"),
        Operation("demo", _body("demo", "demo")),
        Operation("models.pull", _body("models", "pull"), queue="models"),
        Operation("models.verify", _body("models", "verify"), queue="models", keep=False),
        *(Operation(f"engines.{name}", _body("engines", name), queue="models") for name in ("install", "remove")),
        Operation("engines.doctor", _body("engines", "doctor"), queue="models", keep=False),
        Operation("script.import", _body("script_import", "import_scripts"), queue="files", limits=_FILES, keep=False),
        Operation("library.import", _body("library", "import_files"), queue="files", limits=_FILES),
        Operation("library.relink", _body("library", "relink"), queue="files", limits=_FILES, keep=False),
        Operation("media.prepare", _body("preparing", "prepare"), queue="prepare", limits=_PREPARE, keep=False),
        Operation("library.thumbnails", _body("media", "thumbnails"), queue="thumbnails", limits=_LOOK, keep=False),
        Operation("media.transcribe", _body("transcribing", "transcribe"), queue="listening", keep=False),
        Operation("media.outlines", _body("media", "outlines"), queue="thumbnails", limits=_LOOK, keep=False),
        Operation("library.listen", _body("media", "listen"), queue="listen", limits=_LOOK, keep=False),
        *(
            Operation(f"cloud.{name}", _body("cloud.jobs", name), queue="listen", limits=_LOOK, keep=False)
            for name in ("preview", "history_listen")
        ),
        *(
            Operation(f"cloud.{name}", _body("cloud.jobs", name), queue="cloud", limits=_CLOUD, keep=False)
            for name in ("check_key", "account", "voices", "history")
        ),
        *(
            Operation(f"cloud.{name}", _body("cloud.jobs", name), queue="cloud", limits=_CLOUD)
            for name in ("design", "keep_voice", "sound_effect", "history_fetch", "history_delete")
        ),
        Operation("voice.check", _body("voices.check", "check"), queue="samples", limits=_FILES, keep=False),
        Operation("voice.prepare", _body("voices.prepare", "prepare"), queue="samples", limits=_FILES, keep=False),
        Operation("voice.consent", _body("voices.consent", "check_consent"), queue="listening", keep=False),
        *(Operation(f"voice.{name}", _body("voices.create", name), limits=_VOICES) for name in ("create", "retrain")),
        Operation("voice.share", _body("voices.sharing", "share"), queue="archive"),
        Operation("voice.import", _body("voices.sharing", "import_voice"), queue="files", limits=_FILES),
        Operation("voice.convert", _body("voices.convert", "convert"), limits=_VOICES),
        Operation("music.make", _body("music.make", "make"), queue="music", limits=_VOICES),
        Operation("music.audition", _body("music.make", "audition"), queue="audition", keep=False),
        Operation("music.analyse", _body("music.analysing", "analyse"), queue="prepare", limits=_PREPARE, keep=False),
        *(
            Operation(f"music.{name}", _body("music.reworking", name), queue="music", limits=_VOICES)
            for name in ("fit", "extend", "loop", "remix")
        ),
        Operation("music.separate", _body("music.separating", "separate"), queue="music", limits=_VOICES),
        Operation("music.cover", _body("music.covers", "make"), queue="files", limits=_VOICES),
        Operation("song.write", _body("music.writing", "write"), queue="cloud", keep=False),
        Operation("song.phrase", _body("music.melody", "phrase"), queue="preview", keep=False),
        Operation("song.melody", _body("music.melody", "melody"), queue="audition", keep=False),
        Operation("song.make", _body("music.songs", "make"), queue="music", limits=_VOICES),
        Operation("song.align", _body("music.aligning", "align"), queue="listening", keep=False),
        Operation("library.backup", _body("library", "back_up"), queue="archive"),
        Operation("library.restore", _body("library", "bring_back"), queue="archive"),
    )
}

__all__ = ["OPERATIONS"]
