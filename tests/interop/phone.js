// phone.js - a user agent that tells all signals as lines of JSON and does what such lines say
imports.gi.versions.Sip = '1';
const {Gio, GLib, Sip} = imports.gi;

const setting = JSON.parse(ARGV[0]);
const loop = GLib.MainLoop.new(null, false);
const start = GLib.get_monotonic_time();
let sessions = [];
let rounds = 0; // of sessions, which were forgotten
let session = null; // the newest
let transfer = null; // the newest that the other side asked for

function tell(event, more = {}) {
  const ms = Math.round((GLib.get_monotonic_time() - start) / 100) / 10;
  print(JSON.stringify({event, ms, ...more}));
}

// What happens to a call that is forgotten is told to nobody.
function tellOf(call, event, more = {}) {
  const number = sessions.indexOf(call);
  if (number >= 0)
    tell(event, {call: number, ...more});
}

// Tells once of each track when a second of it was loud.
function listen(call) {
  const tracks = call.sessionDescriptionHandler.tracks;
  for (let i = 0; i < tracks.get_n_items(); i++) {
    const track = tracks.get_item(i);
    if (track.watched)
      continue;
    track.watched = true;
    let loud = 0;
    track.connect('notify::level', () => {
      if (track.level > -30 && ++loud === 5) {
        tellOf(call, track.remote ? 'heard' : 'spoken',
          {level: track.level, codec: track.codec});
      }
    });
  }
}

function directions(call) {
  const handler = call.sessionDescriptionHandler;
  return {local: handler.localDirection, remote: handler.remoteDirection};
}

// What an offer of the other side wants (RFC 8866 6.7).
function directionIn(message) {
  const found = (message.get_body() || '').match(/^a=(sendrecv|sendonly|recvonly|inactive)/m);
  return found ? found[1] : 'sendrecv';
}

function watchTransfer(context, call) {
  for (const name of ['referRequestAccepted', 'referRequestRejected', 'referInviteSent',
    'referProgress', 'referAccepted', 'referRejected']) {
    context.connect(name, () => tellOf(call, name,
      {code: context.statusCode, status: call.status}));
  }
}

function watch(call) {
  if (sessions.includes(call))
    return;
  session = call;
  sessions.push(call);
  for (const name of ['progress', 'accepted', 'rejected', 'failed', 'terminated', 'cancel', 'bye',
    'ack', 'confirmed', 'reinvite', 'reinviteAccepted', 'reinviteFailed', 'dtmf', 'trackAdded',
    'directionChanged', 'mediaFailed', 'dtmfFailed', 'replaced',
    'SessionDescriptionHandler-created']) {
    call.connect(name, (self, message, words) => {
      const more = {status: self.status};
      if (message instanceof Sip.Message)
        more.code = message.statusCode;
      if (name === 'accepted' && setting.describes && message)
        more.description = message.get_body();
      if (typeof words === 'string')
        more.cause = words;
      if (words instanceof Sip.Dtmf)
        more.tone = words.tone;
      if (name === 'terminated')
        more.reason = self.cause;
      if (name === 'mediaFailed')
        more.code = message.code;
      if (name === 'reinvite')
        more.direction = directionIn(words);
      if (name === 'directionChanged')
        Object.assign(more, directions(self));
      if (name === 'trackAdded')
        listen(self);
      tellOf(self, name, more);
    });
  }
  if (setting.ask) {
    call.connect('referRequested', (self, context) => {
      if (!(context instanceof Sip.ReferServerContext))
        return;
      transfer = context;
      watchTransfer(context, self);
      tellOf(self, 'referRequested', {to: context.referTo.uri, by: context.referredBy,
        replaces: context.replaces});
    });
  }
  for (const [property, name] of [['remoteHold', 'remote-hold'], ['localHold', 'local-hold']]) {
    call.connect(`notify::${name}`, () => tellOf(call, property, {is_on: call[property]}));
  }
}

const servers = setting.servers ? new Sip.MediaServers(setting.servers) : null;
const ua = new Sip.UA({
  uri: setting.uri,
  server: setting.server || null,
  password: setting.password || null,
  localAddress: setting.localAddress || null,
  autoRegister: setting.register !== false,
  mediaProfile: setting.rtp ? Sip.MediaProfile.RTP : Sip.MediaProfile.AUTO,
  dtmfType: setting.info ? Sip.DtmfType.INFO : Sip.DtmfType.AUTO,
  mediaServers: setting.auto ? servers : null,
  tlsDatabase: setting.authority ? Gio.TlsFileDatabase.new(setting.authority) : null,
});
const make = call => {
  watch(call);
  const name = [rounds, sessions.indexOf(call)].map(n => String(n).padStart(3, '0')).join('-');
  const source = `audiotestsrc is-live=true freq=${setting.tone} volume=0.6`;
  const sink = 'audioconvert ! audioresample ! audio/x-raw,format=S16LE,channels=1,rate=16000 ! ' +
    'wavenc ! filesink async=false buffer-mode=unbuffered ' +
    `location=${setting.folder}/${name}.wav`;
  const {nat64} = ua;
  if (setting.rtp) {
    return new Sip.RtpHandler({audioSource: source, audioSink: sink, servers, nat64,
      ...setting.handler});
  }
  return new Sip.WebHandler({audioSource: source, audioSink: sink, servers, nat64});
};
if (!setting.auto)
  ua.set_session_description_handler_factory(make);
ua.connect('connected', () => tell('connected', {contact: ua.dup_contact_uri()}));
ua.connect('disconnected', (_, error) => tell('disconnected', {why: error ? error.message : ''}));
ua.connect('registered', () => tell('registered'));
ua.connect('unregistered', (_, response, cause) => tell('unregistered', {cause}));
ua.connect('registrationFailed', (_, response, cause) => tell('registrationFailed',
  {cause, code: response ? response.statusCode : 0}));
ua.connect('inviteSent', (_, call) => {
  watch(call);
  tellOf(call, 'inviteSent');
});
ua.connect('invite', (_, call) => {
  watch(call);
  tellOf(call, 'invite', {from: call.remoteIdentity.uri,
    referredBy: call.request.get_header('Referred-By'),
    vias: call.request.get_headers('Via'),
    replacee: call.replacee ? sessions.indexOf(call.replacee) : -1,
    description: setting.describes ? call.request.get_body() : null});
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

// Which call is meant: the newest, or the one of that number.
function chosen(command) {
  return command.call === undefined ? session : sessions[command.call];
}

const verbs = {
  invite: command => watch(ua.invite(command.target, null, modifiers(command))),
  accept: command => chosen(command).accept(null, modifiers(command)),
  reject: command => chosen(command).reject(new Sip.Options({statusCode: command.code})),
  cancel: command => chosen(command).cancel(null),
  bye: command => chosen(command).bye(null),
  terminate: command => chosen(command).terminate(null),
  hold: command => chosen(command).hold(null, null),
  unhold: command => chosen(command).unhold(null, null),
  reinvite: command => chosen(command).reinvite(null, null),
  move: command => {
    chosen(command).sessionDescriptionHandler.localAddresses = [command.address];
    tell('moved', {is: chosen(command).sessionDescriptionHandler.move()});
    chosen(command).reinvite(null, null);
  },
  refer: command => watchTransfer(chosen(command).refer(command.target, null), chosen(command)),
  join: command => watchTransfer(chosen(command).refer_to_session(sessions[command.to], null),
    chosen(command)),
  follow: () => transfer.accept(null),
  decline: command => transfer.reject(new Sip.Options({statusCode: command.code})),
  dtmf: command => chosen(command).dtmf(command.tones, new Sip.Options({
    duration: command.duration || 0, interToneGap: command.gap || 0})),
  forget: () => {
    sessions = [];
    rounds++;
    tell('forgotten');
  },
  gap: () => {
    tell('gap', {longest: gap / 1000});
    gap = 0;
  },
  register: () => ua.register(null),
  quit: () => ua.stop_async(() => loop.quit()),
};

// How long nothing else was done at the longest, in microseconds.
let last = 0;
let gap = 0;
if (setting.watched) {
  GLib.timeout_add(GLib.PRIORITY_DEFAULT, 10, () => {
    const now = GLib.get_monotonic_time();
    gap = last > 0 ? Math.max(gap, now - last) : 0;
    last = now;
    return GLib.SOURCE_CONTINUE;
  });
}

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
