# 把 township-report 登记到任务计划程序。在项目文件夹里、用运行报告的那个用户打开 PowerShell：
#   powershell -ExecutionPolicy Bypass -File ops\windows\register.ps1
# 只要某个乡镇：加 -Arguments "scheduled --town qinghe"
param(
    [string]$Project = "",
    [string]$Arguments = "scheduled",
    [string]$Name = "township-report"
)
$ErrorActionPreference = "Stop"
# 不写 -Project 的，就是这个脚本所在的项目；写了的，任务要的是完整路径
if (-not $Project) { $Project = Join-Path $PSScriptRoot "..\.." }
$Project = (Resolve-Path -LiteralPath $Project).ProviderPath
$program = Join-Path $Project ".venv\Scripts\township-report.exe"
if (-not (Test-Path -LiteralPath $program)) {
    throw "没有 $program。请先在 $Project 里装好 township-report。"
}
[xml]$task = Get-Content -Raw -Encoding UTF8 -LiteralPath (Join-Path $PSScriptRoot "township-report.xml")
$exec = $task.Task.Actions.Exec
$exec.Command = $program
$exec.Arguments = $Arguments
$exec.WorkingDirectory = $Project
$user = [System.Security.Principal.WindowsIdentity]::GetCurrent().Name
Register-ScheduledTask -TaskName $Name -Xml $task.OuterXml -User $user -Force | Out-Null
Write-Host "已登记任务 $Name，每月 5 日 6:00 由 $user 运行。现在试一次：Start-ScheduledTask -TaskName $Name"
