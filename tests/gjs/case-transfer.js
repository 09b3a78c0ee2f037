// case-transfer.js - transfers, blind and attended, and a call that takes another's place
import Sip from 'gi://Sip?version=1';

import {compareGetters, connect, equal, hangUp, ok, startPhones, throws} from './stand.js';
import {Watch} from './ledger.js';

async function refer(alice, bob, act, options = null) {
  const call = await connect(alice, bob);
  const client = act(call.caller, options);
  const clientNews = new Watch(client);
  equal((await call.callerNews.next('referRequested'))[0], client);
  const [server] = await call.calledNews.next('referRequested');
  return {...call, client, clientNews, server, serverNews: new Watch(server)};
}

async function testBlind() {
  const phones = await startPhones('alice', 'bob', 'carol');
  const [alice, bob, carol] = phones;
  const {caller, callerNews, called, calledNews, client, clientNews, server, serverNews} =
    await refer(alice, bob, session => session.refer(carol.contact, null));
  ok(client instanceof Sip.ReferClientContext, 'its class');
  ok(server instanceof Sip.ReferServerContext, 'its class');
  equal((await callerNews.next('refer'))[0].method, 'REFER');
  equal(client.target, `<${carol.contact}>`);
  equal(server.referTo.uri, carol.contact);
  ok(server.referredBy.includes('sip:alice@127.0.0.1'), 'who says so');
  equal(server.replaces, null);
  equal(server.session, called);

  equal(server.accept(null), true);
  await serverNews.next('referRequestAccepted');
  equal((await clientNews.next('referRequestAccepted'))[0], client);
  await serverNews.next('referInviteSent');
  const [target] = await carol.news.next('invite');
  const targetNews = new Watch(target);
  equal((await calledNews.next('referProgress'))[0], server);
  await clientNews.next('referProgress');
  await serverNews.next('referProgress');
  target.accept(null, null);
  equal((await calledNews.next('referAccepted'))[0], server);
  await serverNews.next('referAccepted');
  equal((await clientNews.next('notifyReceived'))[0].method, 'NOTIFY');
  equal((await clientNews.next('referAccepted'))[0], client);
  equal(client.statusCode, 200);
  equal(client.reasonPhrase, 'OK');
  compareGetters(client, 'ReferContext');
  compareGetters(client, 'ReferClientContext');
  compareGetters(server, 'ReferServerContext');
  await callerNews.next('bye');
  await callerNews.next('terminated');
  ok(server.targetSession instanceof Sip.InviteClientContext, 'the call to the target');
  equal(server.targetSession.status, Sip.SessionStatus.CONFIRMED);
  server.targetSession.bye(null);
  await targetNews.next('terminated');
  await Promise.all(phones.map(phone => phone.stop()));
}

async function testRefused() {
  const phones = await startPhones('alice', 'bob', 'carol');
  const [alice, bob, carol] = phones;
  let call = await refer(alice, bob, session => session.refer(carol.contact, null));
  throws(Sip.Error.INVALID_ARGUMENT, () => call.caller.refer('', null));
  throws(Sip.Error.INVALID_ARGUMENT,
    () => call.server.reject(new Sip.Options({statusCode: 200})));
  equal(call.server.reject(new Sip.Options({statusCode: 603})), true);
  equal((await call.serverNews.next('referRequestRejected'))[0], call.server);
  equal((await call.clientNews.next('referRequestRejected'))[0], call.client);
  equal(call.client.statusCode, 603);
  throws(Sip.Error.INVALID_STATE, () => call.server.accept(null));
  await hangUp(call);

  call = await refer(alice, bob, session => session.refer(carol.contact, null));
  call.server.accept(null);
  const [target] = await carol.news.next('invite');
  target.reject(new Sip.Options({statusCode: 486}));
  equal((await call.calledNews.next('referRejected'))[0], call.server);
  await call.serverNews.next('referRejected');
  equal((await call.clientNews.next('referRejected'))[0], call.client);
  equal(call.client.statusCode, 486);
  equal(call.caller.status, Sip.SessionStatus.CONFIRMED, 'the call goes on');
  await hangUp(call);

  call = await refer(alice, bob, session => session.refer(carol.contact, null),
    new Sip.Options({activeAfterTransfer: true}));
  call.server.accept(new Sip.Options({followRefer: false}));
  await call.serverNews.next('referRequestAccepted');
  equal(call.server.send_notify(503, 'Too far'), true);
  await call.clientNews.next('referRejected');
  equal(call.client.reasonPhrase, 'Too far');
  await hangUp(call);
  await Promise.all(phones.map(phone => phone.stop()));
}

async function testAttended() {
  const phones = await startPhones('alice', 'bob', 'carol');
  const [alice, bob, carol] = phones;
  const second = await connect(alice, carol);
  const first = await refer(alice, bob, session => session.refer_to_session(second.caller, null));
  ok(first.server.replaces.startsWith(second.caller.callId), 'what it replaces');
  first.server.accept(null);
  const [taker] = await carol.news.next('invite');
  const takerNews = new Watch(taker);
  equal(taker.replacee, second.called);
  taker.accept(null, null);
  equal((await second.calledNews.next('replaced'))[0], taker);
  await second.calledNews.next('terminated');
  await second.callerNews.next('terminated');
  await takerNews.next('confirmed');
  await first.clientNews.next('referAccepted');
  await first.callerNews.next('terminated');
  equal(taker.remoteIdentity.uri, 'sip:bob@127.0.0.1');
  taker.terminate(null);
  await takerNews.next('terminated');
  await Promise.all(phones.map(phone => phone.stop()));
}

export const cases = [testBlind, testRefused, testAttended];
