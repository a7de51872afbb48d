import assert from "node:assert/strict";
import { crc32c, maskedCrc, scalarRecord, tensorboard, versionRecord } from "../../server/run/tensorboard.ts";
import { inFolder } from "../commands/command.ts";

Deno.test("crc32c() gives the check value of its definition", () => {
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
});

/** The events of a file, their checksums checked; throws where a record is cut. */
function events(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const found: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const size = Number(view.getBigUint64(at, true));
    assert.equal(view.getUint32(at + 8, true), maskedCrc(file.subarray(at, at + 8)));
    const event = file.subarray(at + 12, at + 12 + size);
    assert.equal(view.getUint32(at + 12 + size, true), maskedCrc(event));
    found.push(event);
    at += 16 + size;
  }
  return found;
}

Deno.test("scalarRecord() is the message byte by byte", () => {
  const [event] = events(scalarRecord(1, 300, { a: 0.5 }));
  // 1: double 1.0; 2: varint 300; 5: { 1: { 1: "a", 2: float 0.5 } }
  assert.deepEqual(
    [...event!],
    [9, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 16, 0xac, 2, 42, 10, 10, 8, 10, 1, 97, 21, 0, 0, 0, 0x3f],
  );
  assert.match(new TextDecoder().decode(events(versionRecord(1))[0]), /brain\.Event:2$/);
});

Deno.test("tensorboard() appends one record for each update", async () => {
  await inFolder((folder) => {
    const tell = tensorboard(folder);
    tell({ kind: "start", step: 0, steps: 100 });
    for (const step of [50, 100]) {
      tell({ kind: "update", step, update: step / 50, metrics: { "episode/return": step } });
    }
    const [file] = [...Deno.readDirSync(folder)];
    assert.match(file!.name, /^events\.out\.tfevents\.\d+\./);
    assert.equal(events(Deno.readFileSync(`${folder}/${file!.name}`)).length, 3);
    return Promise.resolve();
  });
});
