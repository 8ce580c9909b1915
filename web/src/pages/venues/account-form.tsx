import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { environments, hasSwitch, type Check, type Probed, type Venue } from '../../api/accounts';
import { post } from '../../api/client';
import { wordsOf } from '../../live/operations';
import { CheckList } from './check-list';

const empty = {
  name: '',
  venue: 'binance',
  environment: 'sim',
  apiKey: '',
  apiSecret: '',
  passphrase: '',
  dedicated: false,
};
type Fields = typeof empty;

interface Props {
  readonly venues: readonly Venue[];
  readonly onAdded: () => void;
}

/** What the chosen venue has no use for is not sent, whatever was filled in before it was chosen. */
const bodyOf = (
  { passphrase, dedicated, ...fields }: Fields,
  of: { readonly isPhrased: boolean; readonly isSwitched: boolean },
): object => ({
  ...fields,
  ...(of.isPhrased ? { passphrase } : {}),
  ...(of.isSwitched ? { dedicated } : {}),
});

/** A key goes in once: the venue is asked with it, and it is kept only when the venue lets it in. */
export function AccountForm({ venues, onAdded }: Props): VNode {
  const [fields, setFields] = useState(empty);
  const [checks, setChecks] = useState<readonly Check[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const isPhrased = venues.find(({ id }) => id === fields.venue)?.needsPassphrase ?? false;
  const isSwitched = hasSwitch(venues, fields.venue);
  const isFull =
    [fields.name, fields.apiKey, fields.apiSecret].every(Boolean) && (!isPhrased || fields.passphrase !== '');
  const set = (change: Partial<Fields>): void => setFields({ ...fields, ...change });

  const add = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    setChecks([]);
    try {
      setChecks((await post<Probed>('/accounts', bodyOf(fields, { isPhrased, isSwitched }))).checks);
      setFields(empty); // The key is not kept here either.
      onAdded();
    } catch (caught) {
      setError(wordsOf(caught));
    }
    setBusy(false);
  };

  return (
    <form
      class="kill-form account-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isFull && !busy) void add();
      }}
    >
      <Choice
        label="Venue"
        options={venues.map(({ id }) => id)}
        value={fields.venue}
        onChoose={(venue) => set({ venue })}
      />
      <Choice
        label="Environment"
        options={environments}
        value={fields.environment}
        onChoose={(environment) => set({ environment })}
      />
      <Text label="Name" value={fields.name} onText={(name) => set({ name })} />
      <Text label="API key" value={fields.apiKey} onText={(apiKey) => set({ apiKey })} />
      <Text label="Secret" secret value={fields.apiSecret} onText={(apiSecret) => set({ apiSecret })} />
      {isPhrased && (
        <Text
          label="Passphrase"
          secret
          value={fields.passphrase}
          onText={(passphrase) => set({ passphrase })}
        />
      )}
      {isSwitched && (
        <label class="check">
          <input
            type="checkbox"
            checked={fields.dedicated}
            onChange={(event) => set({ dedicated: event.currentTarget.checked })}
          />
          Nobody else has orders on this account: the venue may cancel all of them when the engine stops
        </label>
      )}
      <button type="submit" class="action" disabled={!isFull || busy}>
        {busy ? 'Asking the venue …' : 'Probe and add'}
      </button>
      <CheckList checks={checks} />
      <p role="alert" class="error-text">
        {error}
      </p>
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly options: readonly string[];
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

const Choice = ({ label, options, value, onChoose }: ChoiceProps): VNode => (
  <label>
    {label}
    <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
      {options.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  </label>
);

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly secret?: boolean;
  readonly onText: (value: string) => void;
}

function Text({ label, value, secret = false, onText }: TextProps): VNode {
  const common = {
    ...{ value, autocomplete: 'off', spellcheck: false },
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => onText(event.currentTarget.value),
  };
  return (
    <label>
      {label}
      {secret ? <input type="password" {...common} /> : <input type="text" {...common} />}
    </label>
  );
}
