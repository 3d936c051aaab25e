// Package bus is the door to JetStream: streams, publishing, consuming, buckets, object stores and schedules. It is the
// only code that knows ack, nak, term and in-progress; a stage says what became of a message by the error it returns
// (see internal/retry) and the bus obeys.
//
// What it promises:
//
//   - at least once: a message is acknowledged only after its handler returned nil;
//   - a permanent failure leaves a dead letter on dlq.<stage>.<reason> before the message is given up;
//   - a message that fails for an hour by itself, while others go through, is dead-lettered too; one that fails together
//     with all others never is;
//   - while what a stage needs is down its gate is shut: nothing is fetched, so no delivery is burnt;
//   - a message that was delivered ten times without any outcome is dead-lettered before anyone decodes it again.
//
// A Bus is made by Connect, against a NATS cluster or against the Server that StartServer runs inside this process. What
// it binds to (streams, consumers, buckets) is made by Setup; a missing one is an error that says so.
package bus
