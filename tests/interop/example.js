imports.gi.versions.Sip = '1';
const {GLib, Sip} = imports.gi;
const ua = new Sip.UA({uri: 'sip:alice@127.0.0.1', server: 'sip:127.0.0.1:5060;transport=udp', password: 'secret'});
ua.connect('registered', () => {
  const session = ua.invite('sip:bob@127.0.0.1', new Sip.Options({extraHeaders: ['X-Test: 1']}), null);
  session.connect('accepted', (session, response, cause) => session.dtmf('1', null));
  session.connect('terminated', (session, message, cause) => ua.stop_async(null, null));
});
ua.connect('invite', (ua, session) => session.accept(null, null));
ua.start();

// What a program has anyway: a loop, and an end.
const loop = GLib.MainLoop.new(null, false);
ua.connect('stopped', () => loop.quit());
loop.run();
