// stand.js - what every case starts from: phones on this machine, calls between them, assertions
import GLib from 'gi://GLib';
import Sip from 'gi://Sip?version=1';

import {Watch, listMethods, listProperties} from './ledger.js';
import {TextHandler} from './text-handler.js';

export class Phone {
  constructor(name, settings = {}) {
    this.ua = new Sip.UA({
      uri: `sip:${name}@127.0.0.1`,
      displayName: name,
      localAddress: '127.0.0.1:0',
      autoRegister: false,
      ...settings,
    });
    this.ua.set_session_description_handler_factory(() => new TextHandler());
    this.news = new Watch(this.ua);
  }

  async start() {
    this.ua.start();
    await this.news.next('connected');
    this.contact = this.ua.dup_contact_uri();
    return this;
  }

  async stop() {
    const stopped = this.news.next('stopped');
    await new Promise((resolve, reject) => this.ua.stop_async((ua, result) => {
      try {
        resolve(ua.stop_finish(result));
      } catch (error) {
        reject(error);
      }
    }));
    await stopped;
  }
}

export async function startPhones(...names) {
  return Promise.all(names.map(name => new Phone(name).start()));
}

// A call that rings: both sessions, each with its watch.
export async function ring(from, to, options = null, deaf = []) {
  const caller = from.ua.invite(to.contact, options, null);
  const callerNews = new Watch(caller, deaf);
  const [called] = await to.news.next('invite');
  return {caller, callerNews, called, calledNews: new Watch(called, deaf)};
}

export async function connect(from, to, options = null) {
  const call = await ring(from, to, options);
  call.called.accept(null, null);
  await call.callerNews.next('accepted');
  await call.calledNews.next('confirmed');
  return call;
}

export async function hangUp(call) {
  call.caller.bye(null);
  await call.callerNews.next('terminated');
  await call.calledNews.next('terminated');
}

export function equal(is, ought, what = '') {
  if (is !== ought)
    throw new Error(`${what}${what && ': '}${String(is)} instead of ${String(ought)}`);
}

export function ok(is, what) {
  if (!is)
    throw new Error(what);
}

// That @func throws an error of ours with that code, and nothing else.
export function throws(code, func) {
  let error = null;
  try {
    func();
  } catch (caught) {
    error = caught;
  }
  ok(error, `Nothing was thrown, instead of code ${code}`);
  ok(error instanceof GLib.Error && error.matches(Sip.Error, code),
    `“${error.message}” (${error.code}) was thrown, instead of code ${code}`);
  return error;
}

// That each getter of the class @name tells what the property of its name tells.
export function compareGetters(object, name) {
  const methods = listMethods(name);
  for (const property of listProperties(name)) {
    const words = property.replace(/-/g, '_');
    if (!methods.includes(`get_${words}`))
      continue;
    const [told, is] = [object[`get_${words}`](), object[words]];
    ok(told === is || told instanceof GLib.DateTime && told.equal(is),
      `get_${words}() is ${told}, the property ${is}`);
  }
}
