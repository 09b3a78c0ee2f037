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
  let session = null;
  const ua = new SIP.UA({
    uri: options.uri, password: options.password,
    transportOptions: {wsServers: [options.server], traceSip: false},
    sessionDescriptionHandlerFactoryOptions: {
      constraints: {audio, video: options.video},
      peerConnectionOptions: {rtcConfiguration: {iceServers: []}},
    },
    log: {builtinEnabled: false},
  });
  const watch = call => {
    session = call;
    for (const name of ['progress', 'accepted', 'rejected', 'failed', 'terminated', 'cancel', 'bye',
      'trackAdded', 'reinviteFailed']) {
      call.on(name, (message, cause) => say(name, {
        code: message && message.statusCode, cause: typeof cause === 'string' ? cause : undefined,
      }));
    }
    call.on('dtmf', (request, dtmf) => say('dtmf', {tone: dtmf.tone}));
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
    say('invite', {from: call.remoteIdentity.uri.toString()});
    if (options.answer)
      call.accept(media);
  });
  window.verbs = {
    invite: command => watch(ua.invite(command.target, media)),
    accept: () => session.accept(media),
    reject: command => session.reject({statusCode: command.code}),
    cancel: () => session.cancel(),
    bye: () => session.bye(),
    dtmf: command => session.dtmf(command.tones),
    stats: async () => {
      const report = await session.sessionDescriptionHandler.peerConnection.getStats();
      for (const row of report.values()) {
        if (row.type === 'inbound-rtp' && row.kind === 'audio') {
          say('stats', {bytes: row.bytesReceived, packets: row.packetsReceived,
            energy: row.totalAudioEnergy, lost: row.packetsLost});
        }
      }
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
