// text-peer.js - a server that speaks plain text over TCP, one message at a time
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

const LIMIT = 30; // seconds that any message may take

class Text {
  constructor(lines) {
    this.lines = lines;
    this.first = lines[0];
    this.body = '';
  }

  get(name) {
    const line = this.lines.find(each => each.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    return line?.slice(name.length + 1).trim() ?? null;
  }

  all(name) {
    return this.lines.filter(each => each.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  }

  get method() {
    return this.first.split(' ')[0];
  }
}

export class TextPeer {
  constructor() {
    this.service = new Gio.SocketService();
    const [, address] = this.service.add_address(
      Gio.InetSocketAddress.new_from_string('127.0.0.1', 0),
      Gio.SocketType.STREAM, Gio.SocketProtocol.TCP, null);
    this.port = address.port;
    this.server = `sip:127.0.0.1:${this.port};transport=tcp`;
    this.texts = [];
    this.waiting = null;
    this.sequence = 0;
    this.service.connect('incoming', (_, connection) => {
      this.connection = connection;
      this.input = new Gio.DataInputStream({
        base_stream: connection.get_input_stream(),
        newline_type: Gio.DataStreamNewlineType.CR_LF,
      });
      this.readLine([]);
      return true;
    });
    this.service.start();
  }

  readLine(lines) {
    this.input.read_line_async(GLib.PRIORITY_DEFAULT, null, (input, result) => {
      let line = null;
      try {
        [line] = input.read_line_finish_utf8(result);
      } catch (error) {
        return;
      }
      if (line === null)
        return;
      if (line !== '')
        this.readLine([...lines, line]);
      else if (lines.length === 0)
        this.readLine([]);
      else
        this.readBody(new Text(lines));
    });
  }

  readBody(text) {
    const length = Number(text.get('Content-Length') ?? 0);
    if (length === 0) {
      this.keep(text);
      return;
    }
    this.input.read_bytes_async(length, GLib.PRIORITY_DEFAULT, null, (input, result) => {
      text.body = new TextDecoder().decode(input.read_bytes_finish(result).toArray());
      this.keep(text);
    });
  }

  keep(text) {
    this.texts.push(text);
    this.waiting?.();
    this.readLine([]);
  }

  // The first message that nobody took yet and that starts so: a method, or “SIP/2.0 200”.
  receive(start) {
    return new Promise((resolve, reject) => {
      const limit = GLib.timeout_add_seconds(GLib.PRIORITY_DEFAULT, LIMIT, () => {
        this.waiting = null;
        reject(new Error(`“${start}” was not sent; there were ${this.texts.map(t => t.first)}`));
        return GLib.SOURCE_REMOVE;
      });
      this.waiting = () => {
        const at = this.texts.findIndex(text => text.first.startsWith(start));
        if (at < 0)
          return;
        this.waiting = null;
        GLib.source_remove(limit);
        resolve(this.texts.splice(at, 1)[0]);
      };
      this.waiting();
    });
  }

  send(lines, body) {
    const words = [...lines, `Content-Length: ${body.length}`, '', body].join('\r\n');
    this.connection.get_output_stream().write_all(new TextEncoder().encode(words), null);
  }

  reply(request, status, headers = [], body = '') {
    const to = request.get('To');
    this.send([
      `SIP/2.0 ${status}`,
      ...request.all('Via'),
      `From: ${request.get('From')}`,
      `To: ${to.includes(';tag=') ? to : `${to};tag=peer`}`,
      `Call-ID: ${request.get('Call-ID')}`,
      `CSeq: ${request.get('CSeq')}`,
      `Contact: <sip:peer@127.0.0.1:${this.port};transport=tcp>`,
      ...headers,
    ], body);
  }

  // A request in the dialog that @invite (or a SUBSCRIBE) of the other side made.
  request(method, invite, headers = [], body = '') {
    this.sequence++;
    this.send([
      `${method} ${invite.get('Contact').match(/<(.*)>/)[1]} SIP/2.0`,
      `Via: SIP/2.0/TCP 127.0.0.1:${this.port};branch=z9hG4bK${this.sequence}`,
      'Max-Forwards: 70',
      `From: ${invite.get('To')};tag=peer`,
      `To: ${invite.get('From')}`,
      `Call-ID: ${invite.get('Call-ID')}`,
      `CSeq: ${this.sequence} ${method}`,
      `Contact: <sip:peer@127.0.0.1:${this.port};transport=tcp>`,
      ...headers,
    ], body);
  }

  drop() {
    this.connection.close(null);
  }

  stop() {
    this.service.stop();
    this.service.close();
  }
}
