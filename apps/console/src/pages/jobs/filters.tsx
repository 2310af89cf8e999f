import { failureCodes, publicStatuses, videoJobStates } from '@video-proxy/core';
import { type FormEvent, useState } from 'react';
import { navigate } from '../../route/location.ts';
import { searchBoxId } from '../../shell/shortcuts.tsx';
import { useSpeech } from '../../words/index.tsx';
import { ActiveConditions } from './active-conditions.tsx';
import { fromLocalInput, toLocalInput } from './local-time.ts';
import { type ConditionName, type Conditions, jobsAddress } from './search.ts';

/** What is typed takes effect when it is sent off: it becomes the address, which can be shared. */
export function JobFilters({ conditions }: { conditions: Conditions }) {
  const { words } = useSpeech();
  const { jobs, terms, common } = words;
  const [isWide] = useState(() => matchMedia('(min-width: 48rem)').matches);
  const address = jobsAddress(conditions);
  const [draft, setDraft] = useState({ address, typed: conditions });
  // What was typed is about the search it was typed in: another address starts from its own conditions.
  const typed = draft.address === address ? draft.typed : conditions;
  const set = (name: ConditionName) => (value: string) => setDraft({ address, typed: { ...typed, [name]: value } });
  const choose = (name: ConditionName) => (value: string) => navigate(jobsAddress({ ...typed, [name]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    navigate(jobsAddress(typed));
  };
  const choices: readonly ChoiceOf[] = [
    { name: 'status', values: publicStatuses, texts: terms.statuses },
    { name: 'phase', values: videoJobStates, texts: terms.phases },
    { name: 'code', values: failureCodes, texts: terms.codes },
  ];
  return (
    <search>
      <form className="stack tight" onSubmit={submit}>
        <div className="search-line">
          <input
            id={searchBoxId}
            type="search"
            maxLength={300}
            placeholder={jobs.searchHint}
            aria-label={`${jobs.search}: ${jobs.searchHint}`}
            aria-keyshortcuts="/"
            value={typed.q ?? ''}
            onChange={(event) => set('q')(event.target.value)}
          />
          <button type="submit" className="button main">
            {jobs.apply}
          </button>
        </div>
        <details className="filter-box" open={isWide}>
          <summary>{jobs.filters}</summary>
          <div className="filters">
            {choices.map(({ name, values, texts }) => (
              <Choice
                key={name}
                name={jobs[name]}
                all={common.all}
                value={typed[name]}
                onChoose={choose(name)}
                options={values.map((value) => ({ value, text: texts[value] ?? value }))}
              />
            ))}
            <Field name={jobs.owner} value={typed.owner} onChange={set('owner')} />
            <Field name={jobs.model} value={typed.model} onChange={set('model')} />
            {(['from', 'to'] as const).map((name) => (
              <Field
                key={name}
                name={jobs[name]}
                type="datetime-local"
                value={toLocalInput(typed[name])}
                onChange={(text) => set(name)(fromLocalInput(text))}
              />
            ))}
          </div>
        </details>
      </form>
      <ActiveConditions conditions={conditions} />
    </search>
  );
}

interface ChoiceOf {
  readonly name: 'status' | 'phase' | 'code';
  readonly values: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
}

interface ChoiceParts {
  readonly name: string;
  readonly all: string;
  readonly value: string | undefined;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChoose: (value: string) => void;
}

function Choice({ name, all, value, options, onChoose }: ChoiceParts) {
  return (
    <label>
      {name}
      <select value={value ?? ''} onChange={(event) => onChoose(event.target.value)}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}

interface FieldParts {
  readonly name: string;
  readonly value: string | undefined;
  readonly type?: 'text' | 'datetime-local';
  readonly onChange: (value: string) => void;
}

function Field({ name, value, type = 'text', onChange }: FieldParts) {
  return (
    <label>
      {name}
      <input
        type={type}
        dir={type === 'text' ? 'auto' : undefined}
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
