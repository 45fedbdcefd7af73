// Flight streams of the load run, as grpc-js makes them: asks, checks the rows, and cancels now and then.
import grpc from '@grpc/grpc-js';
import { tableFromIPC } from 'apache-arrow';
import protobuf from 'protobufjs';

const schema = `
  syntax = "proto3";
  message Ticket { bytes ticket = 1; }
  message Data { bytes data_header = 2; bytes data_body = 1000; }`;
const root = protobuf.parse(schema, { keepCase: true }).root;
const [Ticket, Data] = [root.lookupType('Ticket'), root.lookupType('Data')];

export function connectFlight(address) {
  return new grpc.Client(address, grpc.credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
}

// The framing that readers of Arrow's files want.
function framed({ data_header: header, data_body: body }) {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0xffffffff, 0);
  head.writeUInt32LE(header.length, 4);
  return Buffer.concat([head, header, Buffer.from(body ?? [])]);
}

// Resolves when the answer was checked or the call was cancelled after `messagesMax` messages.
export function askFlight(client, sql, { messagesMax, check, counts }) {
  return new Promise((resolve, reject) => {
    const call = client.makeServerStreamRequest(
      '/arrow.flight.protocol.FlightService/DoGet',
      (ticket) => Buffer.from(Ticket.encode(ticket).finish()),
      (bytes) => Data.decode(bytes),
      { ticket: Buffer.from(sql) },
    );
    const messages = [];
    let cancelled = false;
    const cancel = () => {
      cancelled = true;
      call.cancel();
    };
    if (messagesMax === 0) cancel();
    call.on('data', (data) => {
      messages.push(framed(data));
      if (messages.length >= messagesMax && !cancelled) cancel();
    });
    call.on('error', (error) => {
      if (cancelled && error.code === grpc.status.CANCELLED) {
        ++counts.cut;
        resolve();
      } else if (error.code === grpc.status.RESOURCE_EXHAUSTED) {
        ++counts.refused;
        resolve();
      } else {
        reject(error);
      }
    });
    call.on('end', () => {
      if (cancelled) return;
      try {
        check(tableFromIPC(Buffer.concat(messages)));
        ++counts.answered;
        resolve();
      } catch (error) {
        reject(error);
      }
    });
  });
}
