// case-outside.js - registration, what is asked outside of calls, and what strangers send inside
import Sip from 'gi://Sip?version=1';

import {Phone, compareGetters, equal, ok, startPhones, throws} from './stand.js';
import {Watch} from './ledger.js';
import {TextPeer} from './text-peer.js';

const SDP = 'Content-Type: application/sdp';

async function startBehind(peer, settings = {}) {
  return new Phone('alice', {server: peer.server, localAddress: null, ...settings}).start();
}

async function testRegistration() {
  const peer = new TextPeer();
  const {ua, news} = await startBehind(peer, {autoRegister: true, password: 'secret'});
  let request = await peer.receive('REGISTER');
  peer.reply(request, '200 OK', [`Contact: ${request.get('Contact')};expires=600`]);
  equal((await news.next('registered'))[0].statusCode, 200);
  equal(ua.registered, true);
  equal(ua.is_registered(), true);
  equal(ua.status, Sip.UAStatus.READY);

  ua.reconnect();
  await news.next('unregistered');
  await news.next('disconnected');
  request = await peer.receive('REGISTER');
  peer.reply(request, '200 OK', [`Contact: ${request.get('Contact')};expires=600`]);
  await news.next('registered');

  equal(ua.register(new Sip.Options({extraHeaders: ['X-Again: 1']})), true);
  request = await peer.receive('REGISTER');
  equal(request.get('X-Again'), '1');
  peer.reply(request, '403 Forbidden');
  const [response, cause] = await news.next('registrationFailed');
  equal(response.statusCode, 403);
  equal(cause, 'Rejected');
  equal(ua.unregister(null), true);
  request = await peer.receive('REGISTER');
  ok(request.get('Contact').includes('expires=0') || request.get('Expires') === '0', 'no more');
  peer.reply(request, '200 OK');
  await news.next('unregistered');
  equal(ua.registered, false);
  peer.drop();
  await news.next('disconnected');
  equal(ua.status, Sip.UAStatus.NOT_READY);
  ua.stop_async(null);
  await news.next('stopped');
  peer.stop();

  throws(Sip.Error.CONFIGURATION, () => new Sip.UA({uri: 'nobody'}).start());
  throws(Sip.Error.CONFIGURATION,
    () => new Sip.UA({uri: 'sip:a@example.org', server: 'ws://example.org'}).start());
  throws(Sip.Error.INVALID_STATE, () => ua.invite('sip:bob@example.org', null, null));
}

async function testRequests() {
  const peer = new TextPeer();
  const {ua, news} = await startBehind(peer);
  equal(ua.normalize_target('bob'), 'sip:bob@127.0.0.1');
  equal(ua.get_uri(), 'sip:alice@127.0.0.1');
  throws(Sip.Error.INVALID_ARGUMENT, () => ua.normalize_target(''));
  throws(Sip.Error.INVALID_ARGUMENT, () => ua.invite('', null, null));
  throws(Sip.Error.INVALID_ARGUMENT, () => ua.request('INVITE', 'sip:bob@127.0.0.1', null));
  throws(Sip.Error.INVALID_ARGUMENT, () => ua.invite('sip:bob@127.0.0.1',
    new Sip.Options({extraHeaders: ['X-A: 1\r\nX-B: 2']}), null));

  const message = ua.message('sip:bob@127.0.0.1', 'Good morning', null);
  let watch = new Watch(message);
  ok(message instanceof Sip.RequestClientContext, 'its class');
  equal(message.method, 'MESSAGE');
  equal(message.remoteIdentity.uri, 'sip:bob@127.0.0.1');
  equal(message.localIdentity.uri, 'sip:alice@127.0.0.1');
  equal(message.ua, ua);
  ok(message.data, 'data');
  let text = await peer.receive('MESSAGE');
  equal(text.body, 'Good morning');
  peer.reply(text, '100 Trying');
  await watch.next('progress');
  peer.reply(text, '202 Accepted');
  equal((await watch.next('accepted'))[1], 'Accepted');
  equal(message.request.contentType, 'text/plain');

  watch = new Watch(ua.request('OPTIONS', 'sip:bob@127.0.0.1', null));
  text = await peer.receive('OPTIONS');
  peer.reply(text, '404 Not Found');
  equal((await watch.next('rejected'))[0].statusCode, 404);
  equal((await watch.next('failed'))[1], 'Not Found');
  ua.stop_async(null);
  await news.next('stopped');
  peer.stop();
}

async function testSubscription() {
  const peer = new TextPeer();
  const {ua, news} = await startBehind(peer);
  const subscription = ua.subscribe('sip:bob@127.0.0.1', 'message-summary', null);
  const watch = new Watch(subscription);
  const subscribe = await peer.receive('SUBSCRIBE');
  equal(subscription.event, 'message-summary');
  equal(subscription.state, Sip.SubscriptionState.INITIAL);
  equal(subscription.request.method, 'SUBSCRIBE');
  compareGetters(subscription, 'Subscription');
  peer.reply(subscribe, '200 OK', ['Expires: 3600']);
  await watch.next('accepted');
  const event = 'Event: message-summary';
  peer.request('NOTIFY', subscribe, [event, 'Subscription-State: active;expires=3600']);
  equal((await watch.next('notifyReceived'))[0].get_header('Event'), 'message-summary');
  equal(subscription.state, Sip.SubscriptionState.ACTIVE);
  equal(subscription.unsubscribe(), true);
  peer.reply(await peer.receive('SUBSCRIBE'), '200 OK', ['Expires: 0']);
  peer.request('NOTIFY', subscribe, [event, 'Subscription-State: terminated;reason=timeout']);
  await watch.next('terminated');

  const refused = new Watch(ua.subscribe('sip:bob@127.0.0.1', 'presence', null));
  peer.reply(await peer.receive('SUBSCRIBE'), '489 Bad Event');
  equal((await refused.next('rejected'))[0].statusCode, 489);
  await refused.next('terminated');
  ua.stop_async(null);
  await news.next('stopped');
  peer.stop();
}

async function testInsideCall() {
  const peer = new TextPeer();
  const {ua, news} = await startBehind(peer, {dtmfType: Sip.DtmfType.INFO});
  const session = ua.invite('sip:bob@127.0.0.1', null, null);
  const watch = new Watch(session);
  const invite = await peer.receive('INVITE');
  equal(invite.body, 'v=0 OFFER sendrecv');
  peer.reply(invite, '200 OK', [SDP], 'v=0 ANSWER sendrecv');
  await watch.next('accepted');
  await peer.receive('ACK');

  peer.request('MESSAGE', invite, ['Content-Type: text/plain'], 'Psst');
  const [message] = await watch.next('message');
  equal(message.get_body(), 'Psst');
  equal(message.contentType, 'text/plain');
  await peer.receive('SIP/2.0 200');
  peer.request('INFO', invite);
  equal((await watch.next('info'))[0].method, 'INFO');
  peer.request('NOTIFY', invite, ['Event: talk', 'Subscription-State: active']);
  equal((await watch.next('notifyReceived'))[0].get_header('Event'), 'talk');

  session.dtmf('12', null);
  peer.reply(await peer.receive('INFO'), '415 Unsupported Media Type');
  const [error] = await watch.next('dtmfFailed');
  ok(error.matches(Sip.Error, Sip.Error.NOT_SUPPORTED), 'its code');

  const context = session.refer('sip:carol@127.0.0.1', null);
  const contextNews = new Watch(context);
  const refer = await peer.receive('REFER');
  peer.reply(refer, '100 Trying');
  equal((await contextNews.next('referRequestProgress'))[0], context);
  peer.reply(refer, '603 Decline');
  await contextNews.next('referRequestRejected');

  peer.request('BYE', invite);
  equal((await watch.next('terminated'))[1], 'BYE');
  equal(session.assertedIdentity, null);
  ua.stop_async(null);
  await news.next('stopped');
  peer.stop();
}

async function testStrangers() {
  const phones = await startPhones('alice', 'bob', 'carol');
  const [alice, bob, carol] = phones;
  let watch = new Watch(alice.ua.message(bob.contact, 'Hello', null));
  const [context] = await bob.news.next('message');
  ok(context instanceof Sip.RequestServerContext, 'its class');
  equal(context.method, 'MESSAGE');
  equal(context.request.get_body(), 'Hello');
  equal(context.remoteIdentity.uri, 'sip:alice@127.0.0.1');
  equal(context.localIdentity.uri, bob.contact);
  equal(context.ua, bob.ua);
  await watch.next('accepted');

  watch = new Watch(alice.ua.request('NOTIFY', bob.contact, new Sip.Options({
    extraHeaders: ['Event: message-summary', 'Subscription-State: terminated'],
    contentType: 'application/simple-message-summary',
    body: 'Messages-Waiting: yes\r\n',
  })));
  equal((await bob.news.next('notifyReceived'))[0].get_body(), 'Messages-Waiting: yes\r\n');
  await watch.next('accepted');

  watch = new Watch(alice.ua.request('REFER', bob.contact, new Sip.Options({
    extraHeaders: [`Refer-To: <${carol.contact}>`],
  })));
  const [refer] = await bob.news.next('outOfDialogReferRequested');
  equal(refer.session, null);
  equal(refer.referTo.uri, carol.contact);
  refer.reject(null);
  await watch.next('rejected');
  await Promise.all(phones.map(phone => phone.stop()));
}

export const cases = [testRegistration, testRequests, testSubscription, testInsideCall,
  testStrangers];
