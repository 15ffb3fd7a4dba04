/** Where the embedded issuer keeps grants, codes and sessions: in memory, for one run. */
import type { Adapter, AdapterPayload } from 'oidc-provider';

/** One store for all models of one issuer; nothing is shared with another. */
export function createStore(): (model: string) => Adapter {
  const models = new Map<string, Map<string, AdapterPayload>>();

  return (model) => {
    const entries = models.get(model) ?? new Map<string, AdapterPayload>();
    models.set(model, entries);
    const first = (wanted: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
      [...entries.values()].find(wanted);

    // The library checks `exp` and `consumed` itself, so an entry that has lapsed may stay.
    return {
      upsert: async (id, payload) => {
        entries.set(id, payload);
      },
      find: async (id) => entries.get(id),
      findByUid: async (uid) => first((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => first((payload) => payload.userCode === userCode),
      consume: async (id) => {
        const payload = entries.get(id);
        if (payload !== undefined) entries.set(id, { ...payload, consumed: Math.floor(Date.now() / 1000) });
      },
      destroy: async (id) => {
        entries.delete(id);
      },
      revokeByGrantId: async (grantId) => {
        for (const [id, payload] of entries) if (payload.grantId === grantId) entries.delete(id);
      },
    };
  };
}
