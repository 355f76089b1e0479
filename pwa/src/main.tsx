import { render } from 'preact'
import './core/ui/weui'
import { App, start } from './app'

start()
render(<App />, document.getElementById('app')!)
