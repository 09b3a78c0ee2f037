// ledger.js - what the library offers by introspection, and what of it was used so far
//
// Methods are counted where they are called, signals where a test received what it waited for.
import GIRepository from 'gi://GIRepository?version=2.0';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Sip from 'gi://Sip?version=1';

const LIMIT = 30; // seconds that any event may take

export const CLASSES = ['UA', 'Session', 'InviteClientContext', 'InviteServerContext',
  'ReferContext', 'ReferClientContext', 'ReferServerContext', 'ClientContext', 'Subscription',
  'Options', 'Modifiers', 'Message', 'NameAddr', 'Dtmf', 'MediaStats', 'SessionDescription',
  'SessionDescriptionHandler', 'Track', 'Conference'];

const used = new Set();

// What the class or interface @name has of a kind: 'method' or 'property'.
function listInfos(name, kind) {
  const info = GIRepository.Repository.get_default().find_by_name('Sip', name);
  const type = info.get_type() === GIRepository.InfoType.INTERFACE ? 'interface' : 'object';
  const several = kind === 'method' ? 'methods' : 'properties';
  const count = GIRepository[`${type}_info_get_n_${several}`](info);
  return Array.from({length: count},
    (_, i) => GIRepository[`${type}_info_get_${kind}`](info, i));
}

export function listMethods(name) {
  return listInfos(name, 'method')
    .filter(info => GIRepository.function_info_get_flags(info) &
      GIRepository.FunctionInfoFlags.IS_METHOD)
    .map(info => info.get_name());
}

export function listSignals(name) {
  return GObject.signal_list_ids(Sip[name].$gtype).map(id => GObject.signal_query(id).signal_name);
}

export function listProperties(name) {
  return listInfos(name, 'property').map(info => info.get_name());
}

function countCalls(name) {
  const prototype = Sip[name].prototype;
  for (const method of listMethods(name)) {
    const original = prototype[method];
    prototype[method] = function (...args) {
      used.add(`${name}.${method}()`);
      return original.apply(this, args);
    };
  }
}

export function findUnused() {
  const offered = CLASSES.flatMap(name => [
    ...listMethods(name).map(method => `${name}.${method}()`),
    ...listSignals(name).map(signal => `${name}::${signal}`),
  ]);
  return offered.filter(each => !used.has(each));
}

CLASSES.forEach(countCalls);

// Listens to every signal of an object, but for those in @deaf, and keeps them in their order.
export class Watch {
  constructor(object, deaf = []) {
    this.events = [];
    this.waiting = null;
    const names = new Map();
    for (const type of this.listTypes(object.constructor.$gtype)) {
      for (const id of GObject.signal_list_ids(type)) {
        const name = GObject.signal_query(id).signal_name;
        if (!names.has(name) && !deaf.includes(name))
          names.set(name, type.name.replace(/^Sip/, ''));
      }
    }
    for (const [name, owner] of names)
      object.connect(name, (_, ...args) => this.push({name, owner, args}));
  }

  listTypes(type) {
    const types = [];
    for (let each = type; each && each.name !== 'GObject'; each = GObject.type_parent(each))
      types.push(each);
    return [...types, ...GObject.type_interfaces(type)];
  }

  push(event) {
    this.events.push(event);
    this.waiting?.();
  }

  get names() {
    return this.events.map(event => event.name);
  }

  // The arguments of the first signal of that name which nobody took yet.
  next(name, is = () => true) {
    return new Promise((resolve, reject) => {
      const limit = GLib.timeout_add_seconds(GLib.PRIORITY_DEFAULT, LIMIT, () => {
        this.waiting = null;
        reject(new Error(`“${name}” did not come; there were ${this.names.join(', ') || 'none'}`));
        return GLib.SOURCE_REMOVE;
      });
      const look = () => {
        const at = this.events.findIndex(event => event.name === name && is(...event.args));
        if (at < 0)
          return;
        const [event] = this.events.splice(at, 1);
        this.waiting = null;
        GLib.source_remove(limit);
        used.add(`${event.owner}::${name}`);
        resolve(event.args);
      };
      this.waiting = look;
      look();
    });
  }
}
