// test-contract.js - every method and every signal of the library, once, from JavaScript
import GLib from 'gi://GLib';
import Sip from 'gi://Sip?version=1';
import System from 'system';

import * as call from './case-call.js';
import * as outside from './case-outside.js';
import * as transfer from './case-transfer.js';
import {CLASSES, findUnused, listProperties} from './ledger.js';
import {equal, ok, throws} from './stand.js';

const VALUES = {
  'extra-headers': ['X-A: 1'], 'redirect-targets': ['sip:bob@example.org'], 'body': 'words',
  'content-type': 'text/plain', 'reason-phrase': 'Why not', 'status-code': 486, 'duration': 90,
  'inter-tone-gap': 60, 'expires': 60,
};

// Each option is unset at first, keeps what it is given, and is copied with it.
async function testOptions() {
  const options = new Sip.Options();
  for (const name of listProperties('Options')) {
    const value = VALUES[name] ?? !options[name];
    options[name] = value;
    equal(String(options[name]), String(value), name);
    equal(String(options.copy()[name]), String(value), name);
    if (typeof value === 'string')
      equal(options.read_text(name), value, name);
    else if (typeof value === 'boolean')
      equal(options.read_flag(name, !value), value, name);
    else if (typeof value === 'number')
      equal(options.read_number(name, 0), value, name);
    else
      equal(String(options.read_texts(name)), String(value), name);
  }
  equal(String(options.read_extra_headers()), 'X-A: 1');
  equal(options.check(400, 699), true);
  throws(Sip.Error.INVALID_ARGUMENT, () => options.check(100, 199));
  ok(CLASSES.every(name => Sip[name]), 'each class is there');
}

async function testNothingWasMissed() {
  const unused = findUnused();
  equal(unused.length, 0, `Not used: ${unused.join(', ')}`);
}

const cases = [testOptions, ...call.cases, ...transfer.cases, ...outside.cases,
  testNothingWasMissed];
const loop = GLib.MainLoop.new(null, false);
let failed = 0;

async function main() {
  print(`1..${cases.length}`);
  for (const [i, run] of cases.entries()) {
    try {
      await run();
      print(`ok ${i + 1} ${run.name}`);
    } catch (error) {
      failed++;
      print(`not ok ${i + 1} ${run.name}`);
      printerr(`${error.message}\n${error.stack}`);
    }
  }
}

main().finally(() => loop.quit());
loop.run();
System.exit(failed > 0 ? 1 : 0);
