// phone.js - a user agent that tells all signals as lines of JSON and does what such lines say
imports.gi.versions.Sip = '1';
const {Gio, GLib, Sip} = imports.gi;

const setting = JSON.parse(ARGV[0]);
const loop = GLib.MainLoop.new(null, false);
const start = GLib.get_monotonic_time();
let session = null;
let calls = 0;

function tell(event, more = {}) {
  const ms = Math.round((GLib.get_monotonic_time() - start) / 100) / 10;
  print(JSON.stringify({event, ms, ...more}));
}

// Tells once of each track when a second of it was loud.
function listen(tracks) {
  for (let i = 0; i < tracks.get_n_items(); i++) {
    const track = tracks.get_item(i);
    if (track.watched)
      continue;
    track.watched = true;
    let loud = 0;
    track.connect('notify::level', () => {
      if (track.level > -30 && ++loud === 5)
        tell(track.remote ? 'heard' : 'spoken', {level: track.level, codec: track.codec});
    });
  }
}

function watch(call) {
  session = call;
  for (const name of ['progress', 'accepted', 'rejected', 'failed', 'terminated', 'cancel', 'bye',
    'ack', 'confirmed', 'reinvite', 'reinviteAccepted', 'reinviteFailed', 'dtmf', 'trackAdded', 'directionChanged', 'mediaFailed', 'dtmfFailed',
    'SessionDescriptionHandler-created']) {
    call.connect(name, (self, message, words) => {
      const more = {status: self.status};
      if (message instanceof Sip.Message)
        more.code = message.statusCode;
      if (typeof words === 'string')
        more.cause = words;
      if (words instanceof Sip.Dtmf)
        more.tone = words.tone;
      if (name === 'terminated')
        more.reason = self.cause;
      if (name === 'mediaFailed')
        more.code = message.code;
      if (name === 'trackAdded')
        listen(self.sessionDescriptionHandler.tracks);
      tell(name, more);
    });
  }
  call.connect('notify::remote-hold', () => tell('remoteHold', {is_on: call.remoteHold}));
}

const ua = new Sip.UA({
  uri: setting.uri,
  server: setting.server || null,
  password: setting.password || null,
  localAddress: setting.localAddress || null,
  autoRegister: setting.register !== false,
  dtmfType: setting.info ? Sip.DtmfType.INFO : Sip.DtmfType.AUTO,
  tlsDatabase: setting.authority ? Gio.TlsFileDatabase.new(setting.authority) : null,
});
ua.set_session_description_handler_factory(() => {
  calls++;
  return Sip.WebHandler.new(
    `audiotestsrc is-live=true freq=${setting.tone} volume=0.6`,
    'audioconvert ! audioresample ! audio/x-raw,format=S16LE,channels=1,rate=16000 ! wavenc ! ' +
      `filesink async=false location=${setting.folder}/${String(calls).padStart(3, '0')}.wav`);
});
ua.connect('connected', () => tell('connected', {contact: ua.dup_contact_uri()}));
ua.connect('disconnected', (_, error) => tell('disconnected', {why: error ? error.message : ''}));
ua.connect('registered', () => tell('registered'));
ua.connect('unregistered', (_, response, cause) => tell('unregistered', {cause}));
ua.connect('registrationFailed', (_, response, cause) => tell('registrationFailed',
  {cause, code: response ? response.statusCode : 0}));
ua.connect('inviteSent', () => tell('inviteSent'));
ua.connect('invite', (_, call) => {
  watch(call);
  tell('invite', {from: call.remoteIdentity.uri});
  if (setting.answer)
    call.accept(null, null);
});

function modifiers(command) {
  if (!command.replace)
    return null;
  const list = new Sip.Modifiers();
  const [of, pattern, words] = command.replace;
  list.add((type, sdp) => type === of ? sdp.replace(new RegExp(pattern), words) : sdp);
  return list;
}

const verbs = {
  invite: command => watch(ua.invite(command.target, null, modifiers(command))),
  accept: command => session.accept(null, modifiers(command)),
  reject: command => session.reject(new Sip.Options({statusCode: command.code})),
  cancel: () => session.cancel(null),
  bye: () => session.bye(null),
  terminate: () => session.terminate(null),
  hold: () => session.hold(null, null),
  unhold: () => session.unhold(null, null),
  reinvite: () => session.reinvite(null, null),
  refer: command => session.refer(command.target, null),
  dtmf: command => session.dtmf(command.tones, null),
  quit: () => ua.stop_async(() => loop.quit()),
};

const input = new Gio.DataInputStream({base_stream: new Gio.UnixInputStream({fd: 0})});
function readOn() {
  input.read_line_async(GLib.PRIORITY_DEFAULT, null, (_, result) => {
    const [line] = input.read_line_finish_utf8(result);
    if (line === null)
      return;
    const command = JSON.parse(line);
    try {
      verbs[command.do](command);
    } catch (error) {
      tell('error', {message: error.message});
    }
    readOn();
  });
}

ua.start();
readOn();
loop.run();
