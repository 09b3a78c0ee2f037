// text-handler.js - media of words only: a description handler written in JavaScript
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Sip from 'gi://Sip?version=1';

const WORDS = ['inactive', 'sendonly', 'recvonly', 'sendrecv'];
const TYPE = 'application/sdp';

function override(name) {
  return GObject.ParamSpec.override(name, Sip.SessionDescriptionHandler);
}

function mirror(direction) {
  return [Sip.Direction.INACTIVE, Sip.Direction.RECVONLY, Sip.Direction.SENDONLY,
    Sip.Direction.SENDRECV][direction];
}

export const TextHandler = GObject.registerClass({
  GTypeName: 'TextHandler',
  Implements: [Sip.SessionDescriptionHandler],
  Properties: {
    'tracks': override('tracks'),
    'local-direction': override('local-direction'),
    'remote-direction': override('remote-direction'),
    'muted': override('muted'),
  },
}, class TextHandler extends GObject.Object {
  _init() {
    super._init();
    this.wanted = Sip.Direction.SENDRECV;
    this.local = Sip.Direction.INACTIVE;
    this.remote = Sip.Direction.INACTIVE;
    this.offer = null;
    this.texts = [];
    this.sent = [];
    this.refusing = false;
    this.toned = false;
    this.closed = 0;
    this.heard = [];
    this.mixes = true;
    this.acknowledged = 0;
    this.rolledBack = 0;
    this.isMuted = false;
    this.list = new Gio.ListStore({item_type: Sip.Track.$gtype});
  }

  get tracks() {
    return this.list;
  }

  get local_direction() {
    return this.local;
  }

  get remote_direction() {
    return this.remote;
  }

  get muted() {
    return this.isMuted;
  }

  set muted(muted) {
    this.isMuted = muted;
  }

  agree(local, remote) {
    this.local = local;
    this.remote = remote;
    if (this.list.get_n_items() === 0) {
      this.list.append(Sip.Track.new('words', 'audio', true));
      this.emit('trackAdded');
    }
    this.emit('directionChanged');
  }

  vfunc_get_description(options, modifiers, task) {
    const answers = this.offer !== null;
    const direction = answers ? this.wanted & mirror(this.offer) : this.wanted;
    let text = `v=0 ${answers ? 'ANSWER' : 'OFFER'} ${WORDS[direction]}`;
    try {
      if (modifiers)
        text = modifiers.apply(answers ? 'answer' : 'offer', text);
    } catch (error) {
      task.return_error(new GLib.Error(Sip.Error, Sip.Error.SESSION_DESCRIPTION_HANDLER,
        error.message));
      return;
    }
    if (answers) {
      this.agree(direction, this.offer);
      this.offer = null;
    }
    task.return_value(Sip.SessionDescription.new_text(TYPE, text));
  }

  vfunc_set_description(description, options, modifiers, task) {
    const text = description.dup_text();
    const direction = WORDS.findIndex(word => text.includes(word));
    this.texts.push(text);
    if (this.refusing) {
      task.return_error(new GLib.Error(Sip.Error, Sip.Error.BAD_DESCRIPTION, 'Not like this'));
      return;
    }
    if (description.get_is_answer())
      this.agree(this.wanted, direction);
    else
      this.offer = direction;
    task.return_boolean(true);
  }

  vfunc_rollback() {
    this.offer = null;
    this.rolledBack++;
  }

  vfunc_set_direction(direction) {
    this.wanted = direction;
  }

  vfunc_limit_direction(direction) {
    this.limit = direction;
  }

  vfunc_acknowledge() {
    this.acknowledged++;
  }

  vfunc_has_description(type) {
    return type.startsWith(TYPE);
  }

  vfunc_send_dtmf(tones, options) {
    if (this.toned)
      this.sent.push([tones, options.duration]);
    return this.toned;
  }

  vfunc_mix(others) {
    this.heard = this.mixes ? others : this.heard;
    return this.mixes;
  }

  vfunc_move() {
    return true;
  }

  vfunc_play_dtmf(tones, options) {
    this.sent.push([tones, options.duration]);
    return true;
  }

  vfunc_close() {
    this.closed++;
  }
});
