/** Events that a client can resume after. Specification: 2025-11-25 basic/transports, "Resumability and Redelivery". */
import { randomBytes } from 'node:crypto';

/** The faultless server keeps one log for each session, so nobody resumes another's stream. */
export class EventLog {
  /** @type {{ id: string, streamId: string, message: any }[]} */
  #events = [];

  /** @param {string} streamId @param {any} message */
  async storeEvent(streamId, message) {
    const id = randomBytes(24).toString('base64url');
    this.#events.push({ id, streamId, message });
    return id;
  }

  /** @param {string} eventId */
  async getStreamIdForEventId(eventId) {
    return this.#events.find((event) => event.id === eventId)?.streamId;
  }

  /** @param {string} eventId @param {{ send: (id: string, message: any) => Promise<void> }} target */
  async replayEventsAfter(eventId, { send }) {
    const start = this.#events.findIndex((event) => event.id === eventId);
    const streamId = this.#events[start]?.streamId ?? '';
    const missed = this.#events.slice(start + 1).filter((event) => event.streamId === streamId);
    for (const event of missed) {
      if (Object.keys(event.message).length > 0) await send(event.id, event.message);
    }
    return streamId;
  }
}
