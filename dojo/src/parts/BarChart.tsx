import { type CSSProperties, type PointerEvent, useState } from 'react'
import { labelled, ticks } from './scale'

export interface Series {
  label: string
  /** A colour of the theme, as `ai.5`. */
  color: string
}

interface Props {
  /** Left to right; one value for each of the series, `undefined` where there is none. */
  bars: { label: string; values: (number | undefined)[] }[]
  series: Series[]
  /** What the chart shows, in a sentence: for everybody who does not see it. */
  says: string
  format: (value: number) => string
  /** Shorter, for the axis. */
  axisFormat?: (value: number) => string
  /** Pixels of the tallest bar. */
  height?: number
  /** The axis names whole numbers only. */
  whole?: boolean
  /** Labels below, where there is room for them; a phone gets half. */
  labels?: number
}

const cssColor = (color: string) => `var(--mantine-color-${color.replace('.', '-')})`

/** Bars over time or side by side. Plain boxes: a page with a chart comes as quickly as one without. */
export function BarChart({ bars, series, says, format, axisFormat = format, height = 180, whole = false, labels = 8 }: Props) {
  const [pointed, setPointed] = useState<number>()
  const most = Math.max(0, ...bars.flatMap(({ values }) => values.map((value) => value ?? 0)))
  const axis = ticks(most, { whole })
  const top = axis.at(-1) || 1
  const named = labelled(bars.length, labels)
  const point = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    setPointed(Math.min(bars.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * bars.length))))
  }
  const bar = pointed === undefined ? undefined : bars[pointed]
  return (
    <div>
      <div className="chart" role="img" aria-label={says}>
        <div className="chart-axis" style={{ height }} aria-hidden="true">
          {axis.map((value) => (
            <span key={value} style={{ bottom: `${(value / top) * 100}%` }}>
              {axisFormat(value)}
            </span>
          ))}
        </div>
        <div className="chart-plot" style={{ height, '--bars': bars.length } as CSSProperties} onPointerMove={point} onPointerLeave={() => setPointed(undefined)} aria-hidden="true">
          {axis.map((value) => (
            <i key={value} className="chart-line" style={{ bottom: `${(value / top) * 100}%` }} />
          ))}
          {bars.map(({ label, values }, at) => (
            <span key={`${at}${label}`} className="chart-bar" data-pointed={at === pointed || undefined}>
              {values.map((value, place) => (
                <b key={series[place]?.label} style={{ height: `${((value ?? 0) / top) * 100}%`, background: cssColor(series[place]?.color ?? 'ai.5') }} />
              ))}
            </span>
          ))}
          {bar !== undefined && pointed !== undefined && (
            <div className="chart-tip" style={{ '--at': (pointed + 0.5) / bars.length } as CSSProperties}>
              <strong>{bar.label}</strong>
              {bar.values.map((value, place) => value !== undefined && (
                <span key={series[place]?.label}>
                  {series.length > 1 && <i className="chart-dot" style={{ background: cssColor(series[place]?.color ?? 'ai.5') }} />}
                  {series[place]?.label} {format(value)}
                </span>
              ))}
            </div>
          )}
        </div>
        <div className="chart-labels" aria-hidden="true">
          {bars.map(({ label }, at) => (
            <span key={`${at}${label}`}>{named(at) && <em>{label}</em>}</span>
          ))}
        </div>
      </div>
      {series.length > 1 && (
        <ul className="chart-legend">
          {series.map(({ label, color }) => (
            <li key={label}>
              <i className="chart-dot" style={{ background: cssColor(color) }} />
              {label}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
