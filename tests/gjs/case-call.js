// case-call.js - a call from its first ring to its end, with media written in JavaScript
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Sip from 'gi://Sip?version=1';

import {Phone, compareGetters, connect, equal, hangUp, ok, ring, startPhones, throws}
  from './stand.js';
import {Watch} from './ledger.js';
import {TextHandler} from './text-handler.js';

async function testCall() {
  const [alice, bob] = await startPhones('alice', 'bob');
  const options = new Sip.Options({extraHeaders: ['X-Test: 1']});
  const {caller, callerNews, called, calledNews} = await ring(alice, bob, options);
  equal(options.extraHeaders.length, 1, 'the options stay as they were');
  const [sent] = await alice.news.next('inviteSent');
  equal(sent, caller);
  const [transport] = await alice.news.next('transportCreated');
  equal(transport.get_protocol(), 'UDP');
  await alice.news.next('connecting');

  ok(caller instanceof Sip.InviteClientContext && caller instanceof Sip.Session, 'its class');
  ok(called instanceof Sip.InviteServerContext && called instanceof Sip.Session, 'its class');
  equal(called.status, Sip.SessionStatus.WAITING_FOR_ANSWER);
  equal(called.request.get_header('X-Test'), '1');
  equal(called.request.get_headers('X-Test').length, 1);
  equal(called.request.get_header('X-Other'), null);
  equal(called.request.allows('MESSAGE'), true);
  equal(called.request.allows('PIGEON'), false);
  equal(called.remoteIdentity.uri, 'sip:alice@127.0.0.1');
  equal(called.remoteIdentity.displayName, 'alice');
  ok(called.remoteIdentity.to_string().includes('<sip:alice@127.0.0.1>'), 'to_string()');
  equal(called.localIdentity.uri, bob.contact);
  equal(caller.method, 'INVITE');
  equal(caller.ua, alice.ua);
  equal(caller.callId, called.callId);
  ok(caller.id.startsWith(caller.callId), 'an id begins with the Call-ID');
  ok(caller.contact.includes('127.0.0.1'), 'a contact');
  equal(caller.startTime, null);
  equal(caller.assertedIdentity, null);
  equal(caller.replacee, null);
  ok(caller.data instanceof GObject.Object && caller.data !== called.data, 'data of its own');
  caller.data.mine = 1;
  equal(caller.data.mine, 1, 'data keeps what the program puts there');

  const [ringing, words] = await callerNews.next('progress', response => response.statusCode === 180);
  ok(ringing instanceof Sip.Message, 'a message');
  equal(ringing.isRequest, false);
  equal(words, 'Ringing');
  called.progress(new Sip.Options({statusCode: 182, reasonPhrase: 'Wait a little'}));
  equal((await calledNews.next('progress'))[0].statusCode, 182);
  equal((await callerNews.next('progress', response => response.statusCode === 182))[1],
    'Wait a little');
  called.reply(new Sip.Options({statusCode: 181}));
  await callerNews.next('progress', response => response.statusCode === 181);

  equal(called.accept(null, null), true);
  const [handler] = await calledNews.next('SessionDescriptionHandler-created');
  equal(called.sessionDescriptionHandler, handler);
  ok(handler instanceof TextHandler, 'the handler is that of the factory');
  const [response, cause] = await calledNews.next('accepted');
  equal(response.statusCode, 200);
  equal(cause, 'OK');
  equal((await callerNews.next('accepted'))[0].statusCode, 200);
  equal((await callerNews.next('ack'))[0].method, 'ACK');
  equal((await calledNews.next('confirmed'))[0].method, 'ACK');
  equal(handler.acknowledged, 1, 'the caller has the answer');
  await callerNews.next('directionChanged');
  await callerNews.next('trackAdded');
  equal(caller.sessionDescriptionHandler.tracks.get_n_items(), 1);
  equal(handler.texts[0], 'v=0 OFFER sendrecv');
  equal(caller.sessionDescriptionHandler.texts[0], 'v=0 ANSWER sendrecv');
  equal(caller.status, Sip.SessionStatus.CONFIRMED);
  ok(caller.startTime instanceof GLib.DateTime, 'a start');
  equal(caller.endTime, null);

  equal(caller.bye(new Sip.Options({statusCode: 480, reasonPhrase: 'Enough'})), true);
  const [bye] = await calledNews.next('bye');
  equal(bye.method, 'BYE');
  ok(bye.get_header('Reason').includes('Enough'), 'a Reason');
  equal((await callerNews.next('bye'))[0].isRequest, true);
  const [last, why] = await calledNews.next('terminated');
  equal(last.method, 'BYE');
  equal(why, 'BYE');
  equal((await callerNews.next('terminated'))[0], null);
  equal(called.cause, Sip.Cause.BYE);
  equal(caller.status, Sip.SessionStatus.TERMINATED);
  ok(caller.endTime.compare(caller.startTime) >= 0, 'an end');
  equal(handler.closed >= 1, true, 'its media is closed');
  compareGetters(caller, 'Session');
  compareGetters(bye, 'Message');
  compareGetters(caller.remoteIdentity, 'NameAddr');
  equal(bye.get_body(), null);
  equal(called.request.get_body(), 'v=0 OFFER sendrecv');
  equal(called.request.get_body_bytes().get_size(), 18);
  ok(bye.to_string().startsWith('BYE sip:'), 'to_string()');
  compareGetters(alice.ua, 'UA');
  await alice.stop();
  await bob.stop();
}

async function testHold() {
  const [alice, bob] = await startPhones('alice', 'bob');
  const call = await connect(alice, bob);
  const {caller, callerNews, called, calledNews} = call;
  const notes = [];
  caller.connect('notify::local-hold', () => notes.push(caller.localHold));

  equal(caller.hold(null, null), true);
  equal(caller.holdPending, true);
  equal(caller.localHold, false);
  const [session, request] = await calledNews.next('reinvite');
  equal(session, called);
  equal(request.method, 'INVITE');
  equal((await callerNews.next('reinviteAccepted'))[0], caller);
  equal((await calledNews.next('reinviteAccepted'))[0], called);
  equal(caller.localHold, true);
  equal(caller.holdPending, false);
  equal(caller.moving, false);
  equal(caller.takesRefer, true);
  equal(called.remoteHold, true);
  equal(called.sessionDescriptionHandler.remoteDirection, Sip.Direction.SENDONLY);
  equal(caller.sessionDescriptionHandler.localDirection, Sip.Direction.SENDONLY);
  await calledNews.next('confirmed');
  equal(caller.unhold(null, null), true);
  await callerNews.next('reinviteAccepted');
  equal(notes.join(), 'true,false');
  await calledNews.next('confirmed');
  equal(called.remoteHold, false);

  const modifiers = new Sip.Modifiers();
  modifiers.add((type, sdp) => `${sdp} (${type})`);
  equal(modifiers.apply('offer', 'v=0'), 'v=0 (offer)');
  caller.reinvite(null, modifiers);
  await callerNews.next('reinviteAccepted');
  equal(called.sessionDescriptionHandler.texts.at(-1), 'v=0 OFFER sendrecv (offer)');
  await calledNews.next('confirmed');

  const refusing = new Sip.Modifiers();
  refusing.add(() => {
    throw new Error('Not this one');
  });
  caller.reinvite(null, refusing);
  equal((await callerNews.next('reinviteFailed'))[0], caller);
  ok((await callerNews.next('renegotiationError'))[0].message.includes('Not this one'),
    'the words of the modifier that threw');
  called.sessionDescriptionHandler.refusing = true;
  caller.hold(null, null);
  await callerNews.next('reinviteFailed');
  const [error] = await callerNews.next('renegotiationError');
  ok(error instanceof GLib.Error, 'an error');
  equal(caller.localHold, false);
  ok(caller.sessionDescriptionHandler.rolledBack >= 1, 'the offer is taken back');
  await hangUp(call);
  await alice.stop();
  await bob.stop();
}

async function testTones() {
  const alice = await new Phone('alice', {dtmfType: Sip.DtmfType.AUTO}).start();
  const bob = await new Phone('bob', {dtmfType: Sip.DtmfType.INFO}).start();
  const call = await connect(alice, bob);
  const {caller, callerNews, called, calledNews} = call;
  const short = new Sip.Options({duration: 70, interToneGap: 50});

  equal(caller.dtmf('1#', short), true);
  const [info, dtmf] = await callerNews.next('dtmf');
  equal(info.method, 'INFO');
  equal(dtmf.tone, '1');
  equal(dtmf.duration, 70);
  equal(dtmf.interToneGap, 50);
  equal(dtmf.received, false);
  compareGetters(dtmf, 'Dtmf');
  const [, heard] = await calledNews.next('dtmf');
  equal(heard.tone, '1');
  equal(heard.received, true);
  equal((await calledNews.next('dtmf'))[1].tone, '#');

  caller.sessionDescriptionHandler.toned = true;
  caller.dtmf('5', short);
  const [none, inMedia] = await callerNews.next('dtmf', message => message === null);
  equal(none, null);
  equal(inMedia.tone, '5');
  equal(caller.sessionDescriptionHandler.sent.join(), '5,70');

  const broken = new GLib.Error(Sip.Error, Sip.Error.FAILED, 'The microphone is gone');
  caller.sessionDescriptionHandler.emit('failed', broken);
  equal((await callerNews.next('mediaFailed'))[0].message, broken.message);
  throws(Sip.Error.INVALID_ARGUMENT, () => called.dtmf('x', null));
  throws(Sip.Error.INVALID_ARGUMENT, () => called.dtmf('', null));
  throws(Sip.Error.INVALID_ARGUMENT, () => caller.bye(new Sip.Options({statusCode: 700})));
  equal(caller.terminate(null), true);
  await calledNews.next('terminated');
  await callerNews.next('terminated');
  throws(Sip.Error.INVALID_STATE, () => caller.dtmf('1', null));
  throws(Sip.Error.INVALID_STATE, () => caller.hold(null, null));
  throws(Sip.Error.INVALID_STATE, () => caller.unhold(null, null));
  throws(Sip.Error.INVALID_STATE, () => caller.reinvite(null, null));
  throws(Sip.Error.INVALID_STATE, () => caller.refer('sip:carol@127.0.0.1', null));
  throws(Sip.Error.INVALID_STATE, () => caller.cancel(null));
  equal(caller.bye(null), true, 'once more is no harm');
  await alice.stop();
  await bob.stop();
}

async function testRefusals() {
  const [alice, bob] = await startPhones('alice', 'bob');
  let {caller, callerNews, called, calledNews} = await ring(alice, bob);
  throws(Sip.Error.INVALID_STATE, () => called.bye(null));
  throws(Sip.Error.INVALID_ARGUMENT, () => called.reject(new Sip.Options({statusCode: 200})));
  throws(Sip.Error.INVALID_ARGUMENT, () => called.progress(new Sip.Options({statusCode: 200})));
  throws(Sip.Error.INVALID_ARGUMENT,
    () => called.reject(new Sip.Options({extraHeaders: ['Via: nowhere']})));
  equal(called.reject(new Sip.Options({statusCode: 486, reasonPhrase: 'On the line'})), true);
  equal((await calledNews.next('rejected'))[0].statusCode, 486);
  const [response, cause] = await callerNews.next('rejected');
  equal(response.reasonPhrase, 'On the line');
  equal(cause, 'Busy');
  equal((await callerNews.next('failed'))[0], response);
  equal((await callerNews.next('terminated'))[0], response);
  equal(caller.cause, Sip.Cause.BUSY);
  equal(callerNews.names.at(-1) !== 'failed', true);
  throws(Sip.Error.INVALID_STATE, () => called.accept(null, null));

  ({caller, callerNews, called, calledNews} = await ring(alice, bob));
  equal(called.reply(new Sip.Options({statusCode: 603})), true);
  equal((await callerNews.next('failed'))[1], 'Rejected');

  ({caller, callerNews, called, calledNews} = await ring(alice, bob));
  await callerNews.next('progress');
  equal(caller.cancel(new Sip.Options({statusCode: 200, reasonPhrase: 'Call completed elsewhere'})),
    true);
  equal(caller.canceled, true);
  await callerNews.next('cancel');
  await calledNews.next('cancel');
  equal((await calledNews.next('rejected'))[0].method, 'CANCEL');
  equal((await callerNews.next('failed'))[0].statusCode, 487);
  await callerNews.next('terminated');
  equal(called.cause, Sip.Cause.ANSWERED_ELSEWHERE);

  alice.ua.set_session_description_handler_factory(() => null);
  bob.ua.set_session_description_handler_factory(() => new TextHandler());
  await alice.stop();
  await bob.stop();
}

function finish(handler, name, ...args) {
  return new Promise((resolve, reject) => handler[`${name}_async`](...args, (self, result) => {
    try {
      resolve(self[`${name}_finish`](result));
    } catch (error) {
      reject(error);
    }
  }));
}

async function testHandler() {
  const handler = new TextHandler();
  const news = new Watch(handler);
  const offer = Sip.SessionDescription.new_text('application/sdp', 'v=0 OFFER sendonly');
  equal(offer.get_content_type(), 'application/sdp');
  equal(offer.dup_text(), 'v=0 OFFER sendonly');
  equal(offer.get_body().get_size(), 18);
  equal(offer.get_is_answer(), false);
  equal(handler.has_description('application/sdp'), true);
  equal(handler.has_description('text/plain'), false);
  handler.set_direction(Sip.Direction.SENDRECV);
  equal(await finish(handler, 'set_description', offer, null, null, null), true);
  const answer = await finish(handler, 'get_description', null, null, null);
  equal(answer.dup_text(), 'v=0 ANSWER recvonly');
  await news.next('trackAdded');
  await news.next('directionChanged');
  equal(handler.get_local_direction(), Sip.Direction.RECVONLY);
  equal(handler.get_remote_direction(), Sip.Direction.SENDONLY);
  equal(handler.get_tracks().get_n_items(), 1);
  equal(handler.acknowledged, 0);
  handler.acknowledge();
  equal(handler.acknowledged, 1);
  handler.limit_direction(Sip.Direction.RECVONLY);
  equal(handler.limit, Sip.Direction.RECVONLY);
  handler.set_muted(true);
  equal(handler.get_muted(), true);
  equal(handler.muted, true);
  handler.toned = true;
  equal(handler.send_dtmf('1', new Sip.Options({duration: 90})), true);
  equal(handler.play_dtmf('2', new Sip.Options({duration: 80})), true);
  equal(handler.sent.at(-1)[1], 80);
  equal(handler.move(), true);
  handler.emit('dtmf', Sip.Dtmf.new('7', 100, 50));
  equal((await news.next('dtmf'))[0].tone, '7');
  handler.emit('statsChanged', new Sip.MediaStats({codec: 'opus', packetsSent: 3,
    packetsReceived: 2, loss: 1.5, jitter: 4, mos: 4.2, trouble: Sip.MediaTrouble.NOT_HEARD}));
  const [stats] = await news.next('statsChanged');
  equal(stats.get_codec(), 'opus');
  equal(stats.get_packets_sent(), 3);
  equal(stats.get_packets_received(), 2);
  equal(stats.get_loss(), 1.5);
  equal(stats.get_remote_loss(), -1);
  equal(stats.get_jitter(), 4);
  equal(stats.get_round_trip(), -1);
  equal(stats.get_mos(), 4.2);
  equal(stats.get_trouble(), Sip.MediaTrouble.NOT_HEARD);
  handler.emit('wayLost', stats);
  equal((await news.next('wayLost'))[0], stats);
  handler.emit('failed', new GLib.Error(Sip.Error, Sip.Error.NOT_SECURE, 'No'));
  ok((await news.next('failed'))[0].matches(Sip.Error, Sip.Error.NOT_SECURE), 'its code');
  handler.rollback();
  handler.close();
  equal(handler.closed, 1);
  handler.refusing = true;
  let error = null;
  await finish(handler, 'set_description', offer, null, null, null).catch(e => (error = e));
  ok(error.matches(Sip.Error, Sip.Error.BAD_DESCRIPTION), 'a refusal');
}

// Words have a level, too, and each of three hears the two others.
async function testConference() {
  const handlers = [new TextHandler(), new TextHandler(), new TextHandler()];
  const conference = Sip.Conference.new();
  const heard = () => handlers.map(h => h.heard.map(o => handlers.indexOf(o)).join()).join(';');
  for (const handler of handlers)
    ok(conference.add(handler), 'added');
  equal(heard(), '1,2;0,2;0,1');
  const stranger = new TextHandler();
  stranger.mixes = false;
  throws(Sip.Error.INVALID_ARGUMENT, () => conference.add(stranger));
  equal(heard(), '1,2;0,2;0,1');
  handlers[1].heard = [];
  handlers[1].agree(Sip.Direction.SENDRECV, Sip.Direction.SENDRECV);
  equal(heard(), '1,2;0,2;0,1', 'once it has a track');
  conference.remove(handlers[0]);
  equal(heard(), ';2;1');
  handlers.forEach(handler => conference.remove(handler));
  equal(heard(), ';;');
  ok(handlers[2].mix([]), 'alone');
  const track = handlers[1].tracks.get_item(0);
  equal(track.get_level(), -100);
  track.set_level(3);
  track.set_codec('words');
  track.set_available(false);
  compareGetters(track, 'Track');
  equal(`${track.id} ${track.kind} ${track.remote} ${track.level} ${track.codec} ${track.available}`,
    'words audio true 0 words false');
}

export const cases = [testHandler, testConference, testCall, testHold, testTones, testRefusals];
