// browser.js - SIP.js in a headless Chromium, told what to do and telling what happens as lines
const fs = require('fs');
const http = require('http');
const path = require('path');
const readline = require('readline');
const {chromium} = require('playwright-core');

const setting = JSON.parse(process.argv[2]);
const library = path.join(path.dirname(require.resolve('sip.js/package.json')), 'dist', 'sip.js');
const tell = (event, more = {}) => console.log(JSON.stringify({event, ...more}));

// Runs in the page.
function phone(options) {
  const say = (event, more) => window.tell(event, more || {});
  const audio = {echoCancellation: false, noiseSuppression: false, autoGainControl: false};
  const media = {sessionDescriptionHandlerOptions: {constraints: {audio, video: options.video}}};
  let sessions = [];
  let session = null; // the newest
  const ua = new SIP.UA({
    uri: options.uri, password: options.password,
    transportOptions: {wsServers: [options.server], traceSip: false},
    sessionDescriptionHandlerFactoryOptions: {
      constraints: {audio, video: options.video},
      peerConnectionOptions: {rtcConfiguration: {iceServers: []}},
    },
    replaces: SIP.C.supported.SUPPORTED,
    log: {builtinEnabled: false},
  });
  // What happens to a call that is forgotten is told to nobody.
  const sayOf = (call, event, more) => {
    const number = sessions.indexOf(call);
    if (number >= 0)
      say(event, {call: number, ...more});
  };
  const chosen = command => command.call === undefined ? session : sessions[command.call];
  const watchTransfer = (context, call) => {
    for (const name of ['referRequestAccepted', 'referRequestRejected', 'referProgress',
      'referAccepted', 'referRejected'])
      context.on(name, () => sayOf(call, name));
  };
  const watch = call => {
    session = call;
    sessions.push(call);
    for (const name of ['progress', 'accepted', 'rejected', 'failed', 'terminated', 'cancel', 'bye',
      'confirmed', 'trackAdded', 'reinviteAccepted', 'reinviteFailed', 'replaced']) {
      call.on(name, (message, cause) => sayOf(call, name, {
        code: message && message.statusCode, cause: typeof cause === 'string' ? cause : undefined,
      }));
    }
    call.on('dtmf', (request, dtmf) => sayOf(call, 'dtmf', {tone: dtmf.tone}));
    call.on('reinvite', (self, request) => sayOf(call, 'reinvite', {
      direction: (request.body.match(/^a=(sendrecv|sendonly|recvonly|inactive)/m) || [])[1],
      connection: (request.body.match(/^a=ice-ufrag:\S+/m) || [])[0],
      addresses: [...request.body.matchAll(/^a=candidate:\S+ \S+ \S+ \S+ (\S+)/gm)].map(m => m[1]),
    }));
    // A listener of the call makes SIP.js leave it to the program.
    call.on('referRequested', context => {
      if (!context.referTo)
        return;
      sayOf(call, 'referRequested', {to: context.referTo.uri.toString(), by: context.referredBy});
      watchTransfer(context, call);
      context.accept({followRefer: true, inviteOptions: {...media}});
      watch(context.targetSession);
    });
    call.on('trackAdded', () => {
      const element = new Audio();
      element.srcObject = new MediaStream(
        call.sessionDescriptionHandler.peerConnection.getReceivers().map(r => r.track));
      element.play();
    });
  };
  ua.on('registered', () => say('registered'));
  ua.on('registrationFailed', () => say('registrationFailed'));
  ua.on('invite', call => {
    watch(call);
    sayOf(call, 'invite', {from: call.remoteIdentity.uri.toString(),
      referredBy: call.request.getHeader('Referred-By')});
    if (options.answer)
      call.accept({...media});
  });
  window.verbs = {
    invite: command => watch(ua.invite(command.target, {...media})),
    accept: command => chosen(command).accept({...media}),
    reject: command => chosen(command).reject({statusCode: command.code}),
    cancel: command => chosen(command).cancel(),
    bye: command => chosen(command).bye(),
    hold: command => chosen(command).hold(),
    unhold: command => chosen(command).unhold(),
    reinvite: command => chosen(command).reinvite(),
    refer: command => watchTransfer(chosen(command).refer(command.target), chosen(command)),
    join: command => watchTransfer(chosen(command).refer(sessions[command.to]), chosen(command)),
    dtmf: command => chosen(command).dtmf(command.tones),
    forget: () => {
      sessions = [];
      say('forgotten');
    },
    stats: async command => {
      const {peerConnection} = chosen(command).sessionDescriptionHandler;
      const heard = {bytes: 0, packets: 0, energy: 0, arrived: 0};
      for (const row of (await peerConnection.getStats()).values()) {
        if (row.type === 'transport')
          heard.arrived += row.bytesReceived;
        if (row.type === 'inbound-rtp' && row.kind === 'audio') {
          heard.bytes += row.bytesReceived;
          heard.packets += row.packetsReceived;
          heard.energy += row.totalAudioEnergy || 0;
        }
      }
      say('stats', heard);
    },
  };
}

async function main() {
  const server = http.createServer((request, response) => {
    if (request.url === '/sip.js') {
      response.setHeader('Content-Type', 'text/javascript');
      fs.createReadStream(library).pipe(response);
    } else {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>SIP.js</title><script src="/sip.js"></script>');
    }
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${setting.sound}`,
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
      '--disable-features=WebRtcHideLocalIpsWithMdns'],
  });
  const page = await browser.newPage();
  page.on('pageerror', error => tell('pageerror', {message: String(error)}));
  await page.exposeFunction('tell', tell);
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate(phone, setting);
  for await (const line of readline.createInterface({input: process.stdin})) {
    const command = JSON.parse(line);
    if (command.do === 'quit')
      break;
    await page.evaluate(what => window.verbs[what.do](what), command);
  }
  await browser.close();
  server.close();
  process.exit(0);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
