"""SIP.js in Chromium, told what to do and telling what happens."""

import json
import os
import shutil
import time

import lab
import sound

TONE_OF_BROWSER = 700


class Browser(lab.Lines):
    def __init__(self, server, user, **more):
        self.folder = lab.make_folder("browser")
        tone = os.path.join(self.folder, "tone.wav")
        sound.write_tone(tone, TONE_OF_BROWSER, 48000, 1)
        setting = {"uri": f"sip:{user}@{server.domain}", "password": server.PASSWORDS[user],
                   "server": server.server("WS"), "sound": tone, "video": False, **more}
        super().__init__(["node", os.path.join(lab.HERE, "browser.js"), json.dumps(setting)])

    def close(self):
        super().close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def stats(self, call=None):
        self.tell(do="stats", **({} if call is None else {"call": call}))
        return self.expect("stats")

    def expect_sound(self, call=None):
        """Waits until packets come in that are no silence."""
        before, end = self.stats(call), time.monotonic() + lab.LIMIT
        while time.monotonic() < end:
            stats = self.stats(call)
            if stats["bytes"] > before["bytes"] + 2000 and stats["energy"] > before["energy"] + .05:
                return
            time.sleep(0.05)
        raise AssertionError(f"no sound in the browser: {before}, {stats}")

    def expect_silence(self, call=None):
        """Waits until for a second nothing was heard, and hardly a packet came."""
        end = time.monotonic() + lab.LIMIT
        while time.monotonic() < end:
            before = self.stats(call)
            time.sleep(1)
            stats = self.stats(call)
            if stats["energy"] < before["energy"] + 0.001:
                return
        raise AssertionError(f"it is never silent in the browser: {before}, {stats}")
