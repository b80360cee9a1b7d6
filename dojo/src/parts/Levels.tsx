interface Props<T extends string> {
  /** One choice of all on the page: the name of the group of buttons. */
  name: string
  labelledby: string
  value: T
  levels: readonly { value: T; label: string }[]
  onChange: (value: T) => void
  disabled?: boolean
}

/** One of a few levels, as the browser's own radio buttons side by side: a page may have dozens of them. */
export function Levels<T extends string>({ name, labelledby, value, levels, onChange, disabled = false }: Props<T>) {
  return (
    <span className="levels" role="radiogroup" aria-labelledby={labelledby} data-disabled={disabled || undefined}>
      {levels.map((level) => (
        <label key={level.value} data-chosen={level.value === value || undefined}>
          <input type="radio" className="visually-hidden" name={name} value={level.value} checked={level.value === value} disabled={disabled} onChange={() => onChange(level.value)} />
          {level.label}
        </label>
      ))}
    </span>
  )
}
